package io.sluice.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void valuesBecomePlainJavaValues() {
    assertThat(Json.object("{\"a\": [1, 2.5, true, null, \"\\ud800\"], \"b\": {\"c\": \"\"}}"))
        .isEqualTo(Map.of("a", Arrays.asList(1L, 2.5, true, null, "\ud800"), "b", Map.of("c", "")));
  }

  @Test
  void emptyContainersAndBareValuesAreRead() {
    assertThat(Json.parse("[]")).isEqualTo(List.of());
    assertThat(Json.parse("null")).isNull();
  }

  @Test
  void textAfterTheValueIsRefused() {
    assertThatThrownBy(() -> Json.parse("{} x")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> Json.parse("")).isInstanceOf(UncheckedIOException.class);
  }
}
