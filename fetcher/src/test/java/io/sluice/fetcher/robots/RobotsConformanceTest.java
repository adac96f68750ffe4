package io.sluice.fetcher.robots;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import io.sluice.core.url.Url;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The test cases of Google and of crawler-commons; each exception is listed. */
final class RobotsConformanceTest {
  /** The cases in which Sluice differs, each with the reason. */
  private static final Map<String, String> GOOGLE_EXCEPTIONS =
      Map.of(
          "google-041", "Google's own: reads User-agent up to a space; a token has none",
          "google-064", "a Url is percent-encoded before it is matched; the case wants it raw",
          "google-066", "the same",
          "google-067", "RFC 9309, 2.2.2: an encoded unreserved character matches the plain one",
          "google-084", "Google's own: cuts rules at 16,664 bytes",
          "google-087", "the same");

  private static final Map<String, String> CRAWLER_COMMONS_EXCEPTIONS =
      Map.of(
          "cc-372", "asks by a user agent with its version, where the standard has a product token",
          "cc-446", "overrides the library's matcher for a token that the standard does not allow");

  @Test
  void googlesCasesAreJudgedAsGoogleDoes() {
    TreeSet<String> deviating = new TreeSet<>();
    int judged = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("google-robotstxt/allowed.json"))) {
      Url url = Url.parse(string(row, "url"));
      if (url != null) {
        judged++;
        if (allowed(row, string(row, "agent"), url) != expected(row)) {
          deviating.add(string(row, "id"));
        }
      }
    }
    assertThat(judged).isGreaterThan(120);
    assertThat(deviating).containsExactlyInAnyOrderElementsOf(GOOGLE_EXCEPTIONS.keySet());
  }

  @Test
  void crawlerCommonsCasesWhereGoogleAgreesAreJudgedSo() {
    TreeSet<String> deviating = new TreeSet<>();
    int judged = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("crawler-commons-robots/allowed.json"))) {
      boolean standard =
          Boolean.TRUE.equals(row.get("exact_agent_match"))
              || Boolean.TRUE.equals(row.get("google_engine_agrees"));
      Url url = Url.parse(string(row, "url"));
      List<?> agents = (List<?>) Objects.requireNonNull(row.get("agents"));
      if (standard && url != null && agents.size() == 1) {
        judged++;
        if (allowed(row, String.valueOf(agents.getFirst()), url) != expected(row)) {
          deviating.add(string(row, "id"));
        }
      }
    }
    assertThat(judged).isGreaterThan(300);
    assertThat(deviating).containsExactlyInAnyOrderElementsOf(CRAWLER_COMMONS_EXCEPTIONS.keySet());
  }

  private static boolean allowed(Map<String, @Nullable Object> row, String agent, Url url) {
    byte[] file =
        row.containsKey("robots_base64")
            ? Base64.getDecoder().decode(string(row, "robots_base64"))
            : string(row, "robots").getBytes(StandardCharsets.UTF_8);
    return RobotsRules.parse(file, agent.toLowerCase(Locale.ROOT)).allows(url);
  }

  private static boolean expected(Map<String, @Nullable Object> row) {
    return Boolean.TRUE.equals(row.get("expected"));
  }

  private static String string(Map<String, @Nullable Object> row, String key) {
    return String.valueOf(row.get(key));
  }
}
