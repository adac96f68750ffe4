package io.sluice.core.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The web platform's own cases: every one with an http(s) base or none, and every one with an
 * http(s) result. Where the standard's result has another scheme, ours is null.
 */
class UrlConformanceTest {

  /**
   * A case of the corpus: an input, the base that it is parsed against, and the expected record.
   */
  private record Case(String input, @Nullable String base, Map<String, @Nullable Object> result) {

    static Case of(Map<String, @Nullable Object> record) {
      return new Case(
          (String) requireNonNull(record.get("input")), (String) record.get("base"), record);
    }

    String name() {
      return base == null ? input : input + " against " + base;
    }

    boolean concernsUs() {
      return base == null || isHttp(base) || isHttp(result.get("href"));
    }

    /** The part's expected value; null if the result is a failure or is not an http(s) URL. */
    @Nullable String expected(String part) {
      return isHttp(result.get("href")) ? (String) result.get(part) : null;
    }

    @Nullable Url actual() {
      // A base of another scheme matters only to references without a scheme, which do not become
      // http URLs.
      Url parsedBase = base == null ? null : Url.parse(base);
      return parsedBase == null ? Url.parse(input) : parsedBase.resolve(input);
    }

    private static boolean isHttp(@Nullable Object url) {
      return url instanceof String text && text.strip().matches("(?is)https?:.*");
    }
  }

  private final List<Case> cases =
      Json.objects(Corpora.path("wpt-url/urltestdata.json")).stream()
          .map(Case::of)
          .filter(Case::concernsUs)
          .toList();

  @Test
  void serializationsAreTheStandards() {
    assertThat(cases).hasSizeGreaterThan(500);
    List<String> differing = new ArrayList<>();
    for (Case each : cases) {
      String href = each.expected("href");
      String expected = href == null ? null : href.replaceFirst("#.*", "");
      Url actual = each.actual();
      if (!Objects.equals(actual == null ? null : actual.href(), expected)) {
        differing.add(each.name() + " -> " + actual + " but " + expected);
      }
    }
    assertThat(differing).isEmpty();
  }

  @Test
  void partsAreTheStandards() {
    for (Case each : cases) {
      Url url = each.actual();
      String query = each.expected("search");
      if (url == null || query == null) {
        continue;
      }
      assertThat(url.scheme() + ":").as(each.name()).isEqualTo(each.expected("protocol"));
      assertThat(url.authority()).as(each.name()).isEqualTo(each.expected("host"));
      assertThat(url.host()).as(each.name()).isEqualTo(each.expected("hostname"));
      assertThat(url.path()).as(each.name()).isEqualTo(each.expected("pathname"));
      String search = url.pathAndQuery().substring(url.path().length());
      assertThat(search.equals("?") ? "" : search).as(each.name()).isEqualTo(query);
      if (each.result().containsKey("origin")) {
        assertThat(url.origin()).as(each.name()).isEqualTo(each.expected("origin"));
      }
      String user = requireNonNull(each.expected("username")) + each.expected("password");
      assertThat(url.hasCredentials()).as(each.name()).isEqualTo(!user.isEmpty());
    }
  }
}
