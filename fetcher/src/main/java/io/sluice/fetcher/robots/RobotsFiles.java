package io.sluice.fetcher.robots;

import io.sluice.core.url.Url;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.robots.RobotsAnswer.Contact;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recent robots.txt files, by URL: all hosts that redirect to one file share it (RFC 9309, 2.3.1.2
 * and 2.4). Has the bounds of a {@link RobotsCache}.
 *
 * <p>Confined to its lane.
 */
final class RobotsFiles {
  /** Maximum number of redirects that are followed (RFC 9309, 2.3.1.2). */
  static final int MAX_REDIRECTS = 5;

  /**
   * The result of following known files.
   *
   * @param file the first file that is not known, or the last one
   * @param redirects how many redirects led to {@code file}
   * @param chain those redirects, with their cookies
   * @param answer what is known; null if the file has to be requested
   */
  record Found(Url file, int redirects, RedirectChain chain, @Nullable RobotsAnswer answer) {}

  private final RobotsBounds bounds;
  private final RobotsCache cache;

  RobotsFiles(RobotsBounds bounds) {
    this.bounds = bounds;
    this.cache = new RobotsCache(bounds.maxCount(), bounds.maxWeight());
  }

  /**
   * Follows known redirects from a file, at most five; a longer chain means that there are no
   * rules. A file to which the chain returns is requested again if the cookies have changed since
   * its last request; the limit of five redirects still applies.
   */
  Found find(Url first, long nowNanos) {
    Url file = first;
    List<Url> passed = new ArrayList<>(List.of(first));
    RedirectChain chain = RedirectChain.NONE;
    RobotsAnswer answer = cache.get(file.href(), nowNanos);
    while (answer instanceof RobotsAnswer.Moved moved) {
      int redirects = passed.size();
      if (redirects > MAX_REDIRECTS) {
        RobotsAnswer none = new RobotsAnswer.Known(RobotsRules.ALLOW_ALL, Contact.NONE);
        return new Found(file, redirects, chain, none);
      }
      // The file's earlier answer in this chain must not lead back to it.
      boolean earlier = chain.hasCookies() && chain.goesOnFrom(moved.chain());
      if (earlier && mayBeAsked(file, chain)) {
        return new Found(file, redirects, chain, null);
      }
      file = moved.target();
      chain = earlier ? chain : moved.chain();
      if (passed.contains(file) && mayBeAsked(file, chain)) {
        return new Found(file, redirects, chain, null);
      }
      passed.add(file);
      answer = cache.get(file.href(), nowNanos);
    }
    return new Found(file, passed.size() - 1, chain, answer);
  }

  private static boolean mayBeAsked(Url file, RedirectChain chain) {
    return chain.hasCookies() && !chain.repeats(file) && chain.length() <= MAX_REDIRECTS;
  }

  /** Expired rules of a file, possibly found by following redirects; null if there are none. */
  RobotsAnswer.@Nullable Known expired(Url first) {
    RobotsAnswer answer = cache.expired(first.href());
    for (int i = 0; i < MAX_REDIRECTS && answer instanceof RobotsAnswer.Moved moved; i++) {
      answer = cache.expired(moved.target().href());
    }
    return answer instanceof RobotsAnswer.Known known ? known : null;
  }

  /** Caches the answer of a file's server. */
  void keep(Url file, RobotsAnswer answer, long nowNanos) {
    switch (answer) {
      case RobotsAnswer.Known(RobotsRules rules, _, _) ->
          put(
              file,
              new RobotsAnswer.Known(rules, Contact.NONE),
              rules.weight(),
              nowNanos + bounds.keepNanos());
      case RobotsAnswer.Moved(Url target, _, RedirectChain chain) ->
          put(
              file,
              new RobotsAnswer.Moved(target, Contact.NONE, chain),
              RobotsRules.BASE_WEIGHT + 2 * target.href().length() + chain.weight(),
              nowNanos + bounds.keepNanos());
      case RobotsAnswer.Unreachable _ ->
          put(
              file,
              new RobotsAnswer.Unreachable(Contact.NONE),
              RobotsRules.BASE_WEIGHT,
              nowNanos + bounds.keepUnreachableNanos());
      case RobotsAnswer.HostFailed _, RobotsAnswer.Busy _, RobotsAnswer.Cancelled _ -> {
        // None of these answers is about the rules.
      }
    }
  }

  /** Extends the life of old rules, because the file cannot be read at the moment. */
  void keepExpired(Url file, RobotsAnswer.Known rules, long nowNanos) {
    put(
        file,
        new RobotsAnswer.Known(rules.rules(), Contact.NONE),
        rules.rules().weight(),
        nowNanos + bounds.keepExpiredNanos());
  }

  private void put(Url file, RobotsAnswer answer, int weight, long expiresNanos) {
    cache.put(file.href(), answer, weight, expiresNanos);
  }

  int size() {
    return cache.size();
  }
}
