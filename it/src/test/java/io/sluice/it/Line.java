package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One JSON line of the output; fields that are asked for must be there. */
record Line(Map<String, @Nullable Object> fields) {

  String text(String field) {
    return String.valueOf(present(field));
  }

  long number(String field) {
    return ((Number) present(field)).longValue();
  }

  boolean flag(String field) {
    return (Boolean) present(field);
  }

  /** The values in the array of that name. */
  List<?> values(String field) {
    return (List<?>) present(field);
  }

  String url() {
    return text("url");
  }

  /** The JSON object of that name. */
  Line in(String field) {
    return of(present(field));
  }

  /** The JSON objects in the array of that name. */
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
