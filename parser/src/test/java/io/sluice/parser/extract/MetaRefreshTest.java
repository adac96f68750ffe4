package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import io.sluice.core.url.Url;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MetaRefreshTest {

  @Test
  void refreshesAreReadAsTheWebPlatformTestsExpect() {
    List<Map<String, @Nullable Object>> cases =
        Json.objects(Corpora.path("wpt-meta-refresh/parsing.json"));
    assertThat(cases).hasSizeGreaterThan(60);
    for (Map<String, @Nullable Object> one : cases) {
      String input = String.valueOf(one.get("input"));

      MetaRefresh refresh = MetaRefresh.parse(input);

      if (one.get("expected") instanceof Map<?, ?> expected) {
        assertThat(refresh).as(input).isNotNull();
        // The expected URLs are resolved ones, so both sides are resolved before comparison.
        assertThat(refresh)
            .extracting(r -> resolved(r.url()))
            .as(input)
            .isEqualTo(resolved((String) expected.get("url")));
        assertThat(refresh)
            .extracting(r -> (long) r.seconds())
            .as(input)
            .isEqualTo(expected.get("time"));
      } else {
        assertThat(refresh).as(input).isNull();
      }
    }
  }

  private static @Nullable Url resolved(@Nullable String reference) {
    Url base = Objects.requireNonNull(Url.parse("http://a.test/"));
    return reference == null ? null : base.resolve(reference);
  }
}
