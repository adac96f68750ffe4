package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One JSON line of the output; reading a missing field fails the test. */
record Line(Map<String, @Nullable Object> fields) {

  /** Reads the JSON object in a file. */
  static Line read(Path file) throws IOException {
    return new Line(Json.object(Files.readString(file)));
  }

  String text(String field) {
    return String.valueOf(present(field));
  }

  long number(String field) {
    return ((Number) present(field)).longValue();
  }

  boolean flag(String field) {
    return (Boolean) present(field);
  }

  /** The values of an array field. */
  List<?> values(String field) {
    return (List<?>) present(field);
  }

  String url() {
    return text("url");
  }

  /** The value of an object field. */
  Line in(String field) {
    return of(present(field));
  }

  /** The JSON objects in an array field. */
  List<Line> list(String field) {
    return ((List<?>) present(field)).stream().map(Line::of).toList();
  }

  @SuppressWarnings("unchecked") // JSON's names are strings
  private static Line of(@Nullable Object object) {
    return new Line((Map<String, @Nullable Object>) Objects.requireNonNull(object));
  }

  private Object present(String field) {
    Object value = fields.get(field);
    assertThat(value).as("%s of %s", field, fields).isNotNull();
    if (value == null) {
      throw new AssertionError(field);
    }
    return value;
  }
}
