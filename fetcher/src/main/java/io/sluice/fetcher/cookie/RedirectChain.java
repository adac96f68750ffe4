package io.sluice.fetcher.cookie;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import io.sluice.fetcher.http.Response;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The redirects followed so far: the cookies that they set, and the requests that were made. The
 * classes that follow a chain bound its length. Immutable.
 */
public final class RedirectChain {

  /** A chain without any redirect. */
  public static final RedirectChain NONE = new RedirectChain(CookieJar.EMPTY, Set.of());

  private static final int BASE_WEIGHT = 512;
  private static final int REQUEST_WEIGHT = 64;

  private final CookieJar jar;

  /** A hash for each request, of its URL and of all cookies in the jar, whether sent or not. */
  private final Set<Integer> requests;

  private RedirectChain(CookieJar jar, Set<Integer> requests) {
    this.jar = jar;
    this.requests = Set.copyOf(requests);
  }

  /** A chain known only by its URLs, which are assumed to have been requested without cookies. */
  static RedirectChain through(List<String> urls) {
    if (urls.isEmpty()) {
      return NONE;
    }
    Set<Integer> requests = new HashSet<>();
    urls.forEach(url -> requests.add(request(url, CookieJar.EMPTY)));
    return new RedirectChain(CookieJar.EMPTY, requests);
  }

  /** The value of the Cookie field of the chain's next request; null for none. */
  public @Nullable String cookies(Url url, Instant now) {
    return jar.header(url, now);
  }

  /**
   * Returns this chain, extended by a redirect.
   *
   * @param asked the URL that was requested with the chain's cookies
   */
  public RedirectChain after(Url asked, Response redirect, Instant now) {
    Set<Integer> made = new HashSet<>(requests);
    made.add(request(asked.href(), jar));
    List<String> fields = Header.values(redirect.headers(), "set-cookie");
    return new RedirectChain(jar.with(fields, asked, now), made);
  }

  /**
   * Whether a URL was already requested while the jar held the same cookies, so that everything
   * after that request would repeat, too. Comparing the cookies sent to this URL is not enough:
   * another URL on the loop may receive cookies that were set in the meantime.
   */
  public boolean repeats(Url url) {
    return requests.contains(request(url.href(), jar));
  }

  /**
   * Whether this chain includes every request of {@code other}: the two are equal, or this chain is
   * a continuation of the other.
   */
  public boolean goesOnFrom(RedirectChain other) {
    return requests.containsAll(other.requests);
  }

  /** The number of different requests made. */
  public int length() {
    return requests.size();
  }

  /** Whether the jar has any cookie, for any host. */
  public boolean hasCookies() {
    return !jar.isEmpty();
  }

  /** Approximate memory use, in bytes. */
  public int weight() {
    return BASE_WEIGHT + REQUEST_WEIGHT * requests.size() + jar.weight();
  }

  private static Integer request(String href, CookieJar cookies) {
    return 31 * href.hashCode() + cookies.fingerprint();
  }
}
