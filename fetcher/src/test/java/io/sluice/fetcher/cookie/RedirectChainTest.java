package io.sluice.fetcher.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import io.sluice.fetcher.http.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The contents of a chain, and how it waits for its next URL. */
final class RedirectChainTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Url A = url("http://a.test/");
  private static final Url B = url("http://b.test/");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final WaitingChains chains = new WaitingChains(meters, 1 << 20);

  private static Url url(String text) {
    return Objects.requireNonNull(Url.parse(text));
  }

  private static Response redirect(String... cookies) {
    List<Header> fields =
        Arrays.stream(cookies).map(cookie -> new Header("Set-Cookie", cookie)).toList();
    return new Response(
        "HTTP/1.1", 302, "", fields, "", Body.EMPTY, false, "GET /", "1.2.3.4", NOW);
  }

  private static RedirectChain after(Url asked, String... cookies) {
    return RedirectChain.NONE.after(asked, redirect(cookies), NOW);
  }

  private static Lease lease(Url url, String... redirects) {
    LeaseId id = new LeaseId(0, 1);
    return new Lease(id, url, 0, null, List.of(redirects), Labels.NONE, 1);
  }

  @Test
  void withoutACookieTheRequestWouldBeTheSame() {
    assertThat(after(A).repeats(A)).isTrue();
    assertThat(after(A).repeats(B)).isFalse();
    assertThat(after(A, "a=1; Domain=test").repeats(A)).isTrue();
    assertThat(after(A, "a=1").repeats(A)).isFalse();
    assertThat(after(A, "a=1; Path=/elsewhere").repeats(A))
        .as("on the way round there may be an elsewhere")
        .isFalse();
  }

  @Test
  void aCookieThatIsSetASecondTimeChangesNothing() {
    RedirectChain again =
        after(A, "a=1; Max-Age=9").after(A, redirect("a=1; Max-Age=99"), NOW.plusSeconds(1));
    assertThat(again.repeats(A)).isTrue();
    assertThat(again.after(A, redirect("a=2"), NOW).repeats(A)).isFalse();
  }

  @Test
  void aChainOfWhichOnlyTheUrlsAreKnownAskedThemWithoutCookies() {
    RedirectChain chain = chains.leadingTo(lease(B, A.href()));
    assertThat(chain.after(B, redirect(), NOW).repeats(A)).isTrue();
    assertThat(chain.after(B, redirect("b=1"), NOW).repeats(A)).isFalse();
    assertThat(chain.after(B, redirect("b=1"), NOW).repeats(B)).isFalse();
  }

  @Test
  void aChainWaitsForTheUrlThatItLedToUntilThatEnds() {
    chains.lead(lease(A), A, after(A, "a=1"));
    assertThat(chains.leadingTo(lease(A, A.href())).cookies(A, NOW)).isEqualTo("a=1");
    assertThat(chains.leadingTo(lease(A)).cookies(A, NOW)).as("found by a link").isNull();
    assertThat(chains.leadingTo(lease(A, A.href(), B.href())).cookies(A, NOW))
        .as("led to by another URL")
        .isNull();
    assertThat(meters.get("sluice.redirects.cookies").gauge().value()).isEqualTo(1);
    chains.end(lease(A, A.href()));
    assertThat(chains.leadingTo(lease(A, A.href())).cookies(A, NOW)).isNull();
    assertThat(chains.size()).isZero();
  }

  @Test
  void aChainWithoutCookiesDoesNotWait() {
    chains.lead(lease(A), B, after(A));
    assertThat(chains.size()).isZero();
  }

  /** The frontier removes session ids from a URL before it is queued. */
  @Test
  void aChainIsFoundThoughItsNextUrlIsQueuedInAnotherForm() {
    chains.lead(lease(A), url("http://b.test/;jsessionid=1"), after(A, "a=1; Domain=a.test"));
    assertThat(chains.leadingTo(lease(B, A.href())).hasCookies()).isTrue();
  }

  @Test
  void theChainThatWaitsForAUrlFirstKeepsIt() {
    Url other = url("http://a.test/other");
    chains.lead(lease(A), B, after(A, "first=1"));
    chains.lead(lease(other), B, after(other, "second=2"));
    assertThat(chains.size()).isEqualTo(1);
    assertThat(chains.leadingTo(lease(B, A.href())).hasCookies()).isTrue();
    chains.end(lease(B, A.href()));
    chains.lead(lease(other), B, after(other, "second=2"));
    assertThat(chains.leadingTo(lease(B, other.href())).hasCookies()).isTrue();
  }

  @Test
  void theOldestChainLosesItsCookiesWhereThereIsNoRoom() {
    String large = "a=" + "x".repeat(4000);
    for (int i = 0; i < 100; i++) {
      Url url = url("http://a.test/" + i);
      chains.lead(lease(url), url, after(url, large));
    }
    long bytes = WaitingChains.maxBytes(1 << 20);
    assertThat(chains.size()).isBetween(1, (int) (bytes / 4000));
    double dropped = meters.get("sluice.redirects.cookies.dropped").counter().count();
    assertThat(dropped).isEqualTo(100 - chains.size());
    Url newest = url("http://a.test/99");
    assertThat(chains.leadingTo(lease(newest, newest.href())).cookies(newest, NOW)).isNotNull();
    Url oldest = url("http://a.test/0");
    assertThat(chains.leadingTo(lease(oldest, oldest.href())).cookies(oldest, NOW)).isNull();
  }
}
