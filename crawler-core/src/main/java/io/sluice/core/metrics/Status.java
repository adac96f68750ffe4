package io.sluice.core.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Names and values that describe the state of the process, in reading order, nested by part. Values
 * are numbers, texts, lists of texts, booleans or statuses. Immutable.
 */
public final class Status {

  private static final JsonFactory JSON = new JsonFactory();

  private final SequencedMap<String, Value> values;

  private Status(SequencedMap<String, Value> values) {
    this.values = values;
  }

  /** Begins a status. */
  public static Builder of() {
    return new Builder();
  }

  /**
   * Reads the JSON of a status. It keeps only the texts of arrays, and drops nulls.
   *
   * @throws IOException if it is not one JSON object, or is nested beyond Jackson's bounds
   */
  public static Status parse(String json) throws IOException {
    return StatusReader.read(json);
  }

  /** The values in their order; unmodifiable. */
  public SequencedMap<String, Value> values() {
    return values;
  }

  /** The status as one JSON object. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return toJson();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value> value : values.entrySet()) {
      json.writeFieldName(value.getKey());
      switch (value.getValue()) {
        case Count(long count) -> json.writeNumber(count);
        case Measure(double measure) -> json.writeNumber(measure);
        case Text(String text) -> json.writeString(text);
        case Truth(boolean truth) -> json.writeBoolean(truth);
        case Texts(List<String> texts) ->
            json.writeArray(texts.toArray(new String[0]), 0, texts.size());
        case Part(Status part) -> part.write(json);
      }
    }
    json.writeEndObject();
  }

  /** A value of a status. */
  public sealed interface Value {}

  /** A whole number. */
  public record Count(long count) implements Value {}

  /** A finite number; any other is shown as 0. */
  public record Measure(double measure) implements Value {
    public Measure {
      measure = Double.isFinite(measure) ? measure : 0;
    }
  }

  /** A text. */
  public record Text(String text) implements Value {}

  /** Texts in their order. */
  public record Texts(List<String> texts) implements Value {
    public Texts {
      texts = List.copyOf(texts);
    }
  }

  /** Yes or no. */
  public record Truth(boolean truth) implements Value {}

  /** The status of another part. */
  public record Part(Status status) implements Value {}

  /** Collects values. Confined to the thread that builds. */
  public static final class Builder {
    private final SequencedMap<String, Value> values = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, long count) {
      return put(name, new Count(count));
    }

    public Builder put(String name, double measure) {
      return put(name, new Measure(measure));
    }

    public Builder put(String name, String text) {
      return put(name, new Text(text));
    }

    public Builder put(String name, List<String> texts) {
      return put(name, new Texts(texts));
    }

    public Builder put(String name, boolean truth) {
      return put(name, new Truth(truth));
    }

    public Builder put(String name, Status part) {
      return put(name, new Part(part));
    }

    /** Puts a value of another status. */
    public Builder put(String name, Value value) {
      values.put(name, value);
      return this;
    }

    /** The status. */
    public Status build() {
      return new Status(Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values)));
    }
  }
}
