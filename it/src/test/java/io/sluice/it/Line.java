package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON line of the output; fields that are asked for must be there. */
record Line(Map<String, @Nullable Object> fields) {

  String text(String field) {
    return String.valueOf(present(field));
  }

  long number(String field) {
    return ((Number) present(field)).longValue();
  }

  String url() {
    return text("url");
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
