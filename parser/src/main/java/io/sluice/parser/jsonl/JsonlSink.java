package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.sluice.core.members.Compression;
import io.sluice.core.message.RecordOnly;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.Members;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes each page as a line of JSON; a batch is one or more members. The generator writes straight
 * into the compressor. Confined to its worker's thread.
 */
public final class JsonlSink implements PageSink {

  private static final byte[] NO_BYTES = {};

  private final JsonFactory json;
  private final Members out;
  private @Nullable JsonGenerator generator;

  /**
   * Whether the file has no member yet. If its first batch has only record-only entries, an empty
   * member is written.
   */
  private boolean empty = true;

  private JsonlSink(JsonFactory json, Members out) {
    this.json = json;
    this.out = out;
  }

  /** Makes sinks. The factory is thread-safe. */
  public static Factory factory(Compressor compressor) {
    JsonFactory json = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    return new Factory() {
      @Override
      public SinkKind kind() {
        return SinkKind.PAGES;
      }

      @Override
      public Compression compression() {
        return compressor.compression();
      }

      @Override
      public PageSink open(SinkFile file, String name) {
        return new JsonlSink(json, compressor.open(file));
      }
    };
  }

  @Override
  public void begin() {
    empty = true; // JSON lines have no header
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
    if (out.isFull()) { // ignores some 8 KB that the generator still buffers
      endMember();
    }
  }

  @Override
  public void append(RecordOnly entry) {
    // Not a page.
  }

  @Override
  public void endBatch() throws IOException {
    endMember();
    if (empty) {
      out.write(NO_BYTES, 0, 0); // readers reject a file without a member
      empty = false;
    }
    out.endMember();
  }

  /** Ends the member after a complete line. */
  private void endMember() throws IOException {
    if (generator != null) {
      generator.close();
      generator = null;
      empty = false;
      out.endMember();
    }
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
