package io.sluice.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorsTest {

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"xyzzy\"", "W/\"xyzzy\"", "\"a,b;c'd\\\\e\""})
  void anEntityTagIsKeptAsReceived(String etag) {
    assertThat(Validators.of(etag, null)).isEqualTo(new Validators(etag, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"",
        "W/",
        "W/\"",
        "xyzzy",
        "w/\"a\"",
        "\"a\" ",
        "\"a b\"",
        "\"a\"b\"",
        "\"a\r\nX: y\"",
        "\"\u007f\"",
        "\"\u00e4\"",
        "\"\u0000\""
      })
  void whatIsNoEntityTagIsNotKept(String etag) {
    assertThat(Validators.of(etag, null)).isEqualTo(Validators.NONE);
    assertThatThrownBy(() -> new Validators(etag, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEntityTagIsKeptUpToItsBound() {
    String longest = "\"" + "a".repeat(Validators.MAX_ETAG - 2) + "\"";
    assertThat(Validators.of(longest, null).etag()).isEqualTo(longest);
    assertThat(Validators.of("\"a" + longest.substring(1), null).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 1994"
      })
  void aDateIsKeptAsReceived(String date) {
    assertThat(Validators.of(null, date)).isEqualTo(new Validators(null, date));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "now\r\nX: y",
        "today\t",
        "\u0661",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void whatCannotBeADateIsNotKept(String date) {
    assertThat(Validators.of("\"a\"", date)).isEqualTo(new Validators("\"a\"", null));
  }
}
