package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
  void aBuiltStatusDoesNotChange() {
    Status.Builder builder = Status.of().put("pages", 1);
    Status status = builder.build();
    builder.put("pages", 2);

    assertThat(status).hasToString("{\"pages\":1}");
  }
}
