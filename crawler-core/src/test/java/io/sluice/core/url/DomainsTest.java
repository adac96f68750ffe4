package io.sluice.core.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainsTest {

  @ParameterizedTest
  @CsvSource({
    "www.example.com,       example.com",
    "example.com,           example.com",
    "a.b.example.co.uk,     example.co.uk",
    "alice.github.io,       alice.github.io",
    "www.alice.github.io,   alice.github.io",
    "www.example.com.,      example.com",
    "www.xn--90ax2c.xn--p1ai, xn--90ax2c.xn--p1ai",
  })
  void aHostBelongsToTheLabelBelowItsPublicSuffix(String host, String domain) {
    assertThat(Domains.registeredDomain(host)).isEqualTo(domain);
  }

  @ParameterizedTest
  @CsvSource({
    "3.python.test, python.test",
    "a.b.c.internal, c.internal",
    "python.test, python.test",
    "test, test",
    "localhost, localhost",
  })
  void anUnlistedTopLevelDomainCountsAsSuffix(String host, String domain) {
    assertThat(Domains.registeredDomain(host)).isEqualTo(domain);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "[::1]", "[2001:db8::2]", "com", "co.uk", "github.io", "."})
  void addressesAndBareSuffixesAreTheirOwn(String host) {
    assertThat(Domains.registeredDomain(host)).isEqualTo(host.equals(".") ? "" : host);
  }

  @ParameterizedTest
  @CsvSource({
    "com, true",
    "co.uk, true",
    "github.io, true",
    "foo.ck, true", // *.ck
    "www.ck, false", // !www.ck
    "test, true",
    "localhost, true",
    "127.0.0.1, true",
    "[::1], true",
    "example.com, false",
    "example.co.uk, false",
    "alice.github.io, false",
    "a.test, false"
  })
  void belowAPublicSuffixAnyoneMayRegisterNames(String host, boolean suffix) {
    assertThat(Domains.isPublicSuffix(host)).isEqualTo(suffix);
  }

  /**
   * The test data of the list itself. Where it expects no domain, ours is the host itself. Its one
   * case without a host is left out. So is {@code .example.example}, where it expects no domain:
   * empty labels below an unlisted domain, which no name server knows, are not detected here.
   */
  @Test
  void domainsAreThoseOfThePublicSuffixListsOwnTest() {
    List<String> differing = new ArrayList<>();
    int checked = 0;
    for (Map<String, @Nullable Object> each : Json.objects(Corpora.path("psl/test_psl.json"))) {
      String input = (String) each.get("input");
      if (input == null) {
        continue;
      }
      String host = hostOf(input);
      String expected = (String) each.get("registrable_domain");
      if (!Domains.registeredDomain(host).equals(expected == null ? host : hostOf(expected))) {
        differing.add(input);
      }
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(77);
    assertThat(differing).containsExactly(".example.example");
  }

  private static String hostOf(String name) {
    return requireNonNull(Url.parse("http://" + name + "/")).host();
  }
}
