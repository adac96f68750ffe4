package io.sluice.core.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.address.AddressRules.Bar;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.lease.Labels;
import io.sluice.core.url.Url;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses and ports a seed allows, and for which requests. */
class AddressRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8000/",
        "http://127.0.0.1/",
        "http://[::1]:8000/",
        "http://localhost:8000/",
        "http://localhost.:8000/",
        "http://docs.localhost:8000/",
        "http://10.1.2.3/",
        "https://docs.example.org:8443/"
      })
  void aSeedMayBeAskedAsItIsWritten(String seed) {
    assertThat(rules(seed).bar(url(seed), null)).isNull();
    assertThat(rules(seed).bar(url(seed + "page?q=1"), seed)).as("a link of its own").isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000/, 127.0.0.1, 8000, 127.0.0.1, true",
    "http://127.0.0.1:8000/, 127.0.0.1, 8001, 127.0.0.1, false",
    "http://127.0.0.1:8000/, 127.0.0.2, 8000, 127.0.0.2, false",
    "http://127.0.0.1:8000/, evil.test, 8000, 127.0.0.1, false",
    "http://localhost:8000/, localhost, 8000, 127.0.0.1, true",
    "http://localhost:8000/, localhost, 8000, ::1, true",
    "http://localhost:8000/, localhost, 8000, 10.0.0.1, false",
    "http://[::1]:8000/, [::1], 8000, ::1, true",
    "http://10.1.2.3/, 10.1.2.3, 80, 10.1.2.3, true",
    "http://wiki/, wiki, 80, 10.1.2.3, false",
    "http://a.test:8000/, a.test, 8000, 127.0.0.1, false"
  })
  void onlyTheAddressThatASeedSpellsIsAllowedAndOnlyAtItsPort(
      String seed, String host, int port, String address, boolean allowed) throws Exception {
    InetAddress to = InetAddress.ofLiteral(address);
    assertThat(rules(seed).allows(host, port, to)).isEqualTo(allowed);
    assertThat(rules(seed).allows(to)).as("for any host").isFalse();
  }

  @Test
  void aPageElsewhereDoesNotLeadToWhatOnlyASeedAllows() {
    AddressRules rules = rules("http://127.0.0.1:8000/", "http://127.0.0.1/", "http://a.test/");

    assertThat(rules.bar(url("http://127.0.0.1:8000/x"), "http://a.test/")).isEqualTo(Bar.PORT);
    assertThat(rules.bar(url("http://127.0.0.1/x"), "http://a.test/")).isEqualTo(Bar.ADDRESS);
    assertThat(rules.bar(url("http://127.0.0.1/x"), "http://127.0.0.1:8000/"))
        .as("another port is another place")
        .isEqualTo(Bar.ADDRESS);
    assertThat(rules.bar(url("http://a.test/x"), "http://b.test/")).isNull();
  }

  @Test
  void whatTheSettingsAllowNeedsNoSeed() {
    AddressRules rules =
        new AddressRules(
            new FetcherSettings.Addresses(List.of("127.0.0.0/8"), List.of(8000)),
            List.of(seed("http://127.0.0.1:8000/")));

    assertThat(rules.bar(url("http://127.0.0.1:8000/x"), "http://a.test/")).isNull();
    assertThat(rules.bar(url("http://localhost:8000/x"), "http://a.test/")).isNull();
    assertThat(rules.literalBar(url("http://127.0.0.1:8000/"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.test:8000/, PORT",
    "http://127.0.0.1/, ADDRESS",
    "http://[fe80::1]/, ADDRESS",
    "http://[::ffff:10.0.0.1]/, ADDRESS",
    "http://localhost/, ADDRESS",
    "http://1.1.1.1/, ",
    "http://wiki/, "
  })
  void aUrlIsJudgedByWhatItsTextShows(String text, Bar bar) {
    assertThat(rules().literalBar(url(text))).isEqualTo(bar);
  }

  private static AddressRules rules(String... seeds) {
    return new AddressRules(
        new FetcherSettings.Addresses(List.of(), List.of(80, 443)),
        Stream.of(seeds).map(AddressRulesTest::seed).toList());
  }

  private static Seed seed(String text) {
    return new Seed(url(text), Labels.NONE);
  }

  private static Url url(String text) {
    return Objects.requireNonNull(Url.parse(text), text);
  }
}
