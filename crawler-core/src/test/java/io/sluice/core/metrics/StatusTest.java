package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {

  @Test
  void valuesKeepTheirOrderAndNest() {
    Status status =
        Status.of()
            .put("pages", 12)
            .put("rate", 3.5)
            .put("phase", "crawling \"docs\"")
            .put("ready", true)
            .put("strays", List.of("57 socket:[1]", "58 /a \"b\""))
            .put("frontier", Status.of().put("queued", 9_000_000_000L).build())
            .build();

    assertThat(status.toJson())
        .isEqualTo(
            """
            {"pages":12,"rate":3.5,"phase":"crawling \\"docs\\"","ready":true,\
            "strays":["57 socket:[1]","58 /a \\"b\\""],"frontier":{"queued":9000000000}}\
            """);
  }

  @Test
  void whatIsNotFiniteIsShownAsZero() {
    assertThat(Status.of().put("rate", Double.NaN).put("max", Double.POSITIVE_INFINITY).build())
        .hasToString("{\"rate\":0.0,\"max\":0.0}");
  }

  @Test
  void itIsReadAsItWasWritten() throws IOException {
    String json =
        """
        {"pages":12,"rate":3.5,"ready":true,"held":false,"strays":["a","b"],\
        "frontier":{"queued":9000000000,"by":{"high":1}}}\
        """;
    assertThat(Status.parse(json).toJson()).isEqualTo(json);
    assertThat(Status.parse("{\"a\":null,\"b\":[1,[\"x\"],\"y\"]}")).hasToString("{\"b\":[\"y\"]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"a\":[", "{\"a\":1e}", "{\"a\":99999999999999999999}"})
  void whatIsNotAStatusIsRefused(String json) {
    assertThatThrownBy(() -> Status.parse(json)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Status.parse("{\"a\":".repeat(5_000))).isInstanceOf(IOException.class);
  }

  @Test
  void aBuiltStatusDoesNotChange() {
    Status.Builder builder = Status.of().put("pages", 1);
    Status status = builder.build();
    builder.put("pages", 2);

    assertThat(status).hasToString("{\"pages\":1}");
  }
}
