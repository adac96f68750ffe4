package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.sluice.parser.sink.GzipMembers;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line of JSON for each page, a gzip member for each batch. The generator writes straight
 * into the compressor. Confined to its worker's thread.
 */
public final class JsonlSink implements PageSink {

  private final JsonFactory json;
  private final GzipMembers out;
  private @Nullable JsonGenerator generator;

  private JsonlSink(JsonFactory json, GzipMembers out) {
    this.json = json;
    this.out = out;
  }

  /** Makes sinks that compress at {@code level}, 1 to 9. The factory is thread-safe. */
  public static Factory factory(int level) {
    JsonFactory json = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    return new Factory() {
      @Override
      public SinkKind kind() {
        return SinkKind.PAGES;
      }

      @Override
      public PageSink open(SinkFile file, String name) {
        return new JsonlSink(json, new GzipMembers(file, level));
      }
    };
  }

  @Override
  public void begin() {
    // A file of JSON lines begins with its first line.
  }

  @Override
  public void append(ParsedPage page) throws IOException {
    JsonGenerator to = generator;
    if (to == null) {
      to = json.createGenerator(out);
      to.setRootValueSeparator(null);
      generator = to;
    }
    PageLine.write(page, to);
    to.writeRaw('\n');
  }

  @Override
  public void endBatch() throws IOException {
    if (generator != null) {
      generator.close();
      generator = null;
    }
    out.endMember();
  }

  @Override
  public void forgetBatch() {
    generator = null;
    out.forget();
  }

  @Override
  public void close() {
    out.close();
  }
}
