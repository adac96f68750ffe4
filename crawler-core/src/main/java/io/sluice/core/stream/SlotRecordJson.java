package io.sluice.core.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slot records as values of the outputs hash: {@code {"batch":"17-4","sealed":false,
 * "sinks":[["pages","part-1.jsonl.gz",4711]]}}. Thread-safe: stateless.
 */
final class SlotRecordJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private SlotRecordJson() {}

  /**
   * @param batch a word that distinguishes this commit from every other of the slot
   */
  static byte[] encode(SlotRecord record, String batch) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("batch", batch);
      json.writeBooleanField("sealed", record.sealed());
      json.writeArrayFieldStart("sinks");
      for (SinkOffset sink : record.sinks()) {
        json.writeStartArray();
        json.writeString(sink.sink());
        json.writeString(sink.file());
        json.writeNumber(sink.offset());
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a value; null if it is not a slot record. */
  static @Nullable SlotRecord decode(String slot, byte[] value) {
    try (JsonParser json = FACTORY.createParser(value)) {
      boolean sealed = false;
      List<SinkOffset> sinks = null;
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        json.nextToken();
        switch (key) {
          case "sealed" -> sealed = json.getBooleanValue();
          case "sinks" -> sinks = sinks(json);
          default -> json.skipChildren();
        }
      }
      return sinks == null ? null : new SlotRecord(slot, sinks, sealed);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static List<SinkOffset> sinks(JsonParser json) throws IOException {
    List<SinkOffset> sinks = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_ARRAY) {
      String sink = json.nextTextValue();
      String file = json.nextTextValue();
      long offset = json.nextLongValue(-1);
      if (sink == null || file == null || json.nextToken() != JsonToken.END_ARRAY) {
        throw new IOException("a sink is not an array of name, file and offset");
      }
      sinks.add(new SinkOffset(sink, file, offset));
    }
    return sinks;
  }
}
