package io.sluice.fetcher.robots;

import io.sluice.core.url.Url;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.http.HttpReply;
import io.sluice.fetcher.http.HttpRequest;
import io.sluice.fetcher.http.RequestHeads;
import io.sluice.fetcher.http.Response;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches an origin's robots.txt and judges what comes (RFC 9309, 2.3.1): up to five redirects are
 * followed, wherever the guard lets them lead; a 4xx status means that there are no rules; 429, 5xx
 * and failures of the network mean that nobody knows.
 *
 * <p>Thread-safe: immutable.
 */
final class RobotsFetch {
  private static final Logger LOG = LoggerFactory.getLogger(RobotsFetch.class);
  private static final int MAX_REDIRECTS = 5;

  private final HttpClient client;
  private final AddressGuard guard;
  private final RequestHeads heads;
  private final String token;

  RobotsFetch(HttpClient client, AddressGuard guard, String userAgent) {
    this.client = client;
    this.guard = guard;
    this.heads = RequestHeads.forRobots(userAgent);
    this.token = RobotsRules.productToken(userAgent);
  }

  /**
   * Fetches the rules of a URL's origin.
   *
   * @return completes on any lane; never fails; its answer is as of a host that was just asked
   */
  CompletionStage<RobotsAnswer> fetch(Url url, long deadlineNanos, Predicate<InetAddress> mayAsk) {
    Url file = url.resolve("/robots.txt");
    if (file == null) {
      throw new IllegalStateException("every origin has a /robots.txt: " + url);
    }
    return hop(file, 0, deadlineNanos, mayAsk).exceptionally(bug -> unreadable(file, bug));
  }

  private static RobotsAnswer unreadable(Url file, Throwable bug) {
    LOG.error("Reading {} failed", file, bug);
    return new RobotsAnswer.Unreachable(true);
  }

  private CompletionStage<RobotsAnswer> hop(
      Url file, int redirects, long deadlineNanos, Predicate<InetAddress> mayAsk) {
    return client
        .fetch(new HttpRequest(file, heads, RobotsRules.MAX_BYTES, deadlineNanos, mayAsk))
        .thenCompose(
            reply ->
                switch (reply) {
                  case HttpReply.Answered answered -> {
                    try {
                      yield judge(file, answered.response(), redirects, deadlineNanos, mayAsk);
                    } finally {
                      answered.memory().release();
                    }
                  }
                  case HttpReply.HeldUp _ -> answer(new RobotsAnswer.Busy(true));
                  case HttpReply.Busy _ -> answer(new RobotsAnswer.Busy(redirects > 0));
                  case HttpReply.Cancelled cancelled ->
                      answer(new RobotsAnswer.Cancelled(cancelled.sent() || redirects > 0));
                  case HttpReply.Failed failed when failed.sent() || redirects > 0 ->
                      answer(new RobotsAnswer.Unreachable(true));
                  case HttpReply.Refused _ when redirects > 0 ->
                      answer(new RobotsAnswer.Unreachable(true));
                  case HttpReply.Failed _, HttpReply.Refused _ ->
                      answer(new RobotsAnswer.HostFailed(reply));
                });
  }

  private CompletionStage<RobotsAnswer> judge(
      Url file,
      Response response,
      int redirects,
      long deadlineNanos,
      Predicate<InetAddress> mayAsk) {
    int status = response.status();
    if (response.redirects()) {
      Url target = target(file, response);
      if (target != null && redirects < MAX_REDIRECTS) {
        return guard.refusal(target) == null
            ? hop(target, redirects + 1, deadlineNanos, mayAsk)
            : answer(new RobotsAnswer.Unreachable(true));
      }
    }
    if (status == 429 || status >= 500) {
      return answer(new RobotsAnswer.Unreachable(true));
    }
    if (status >= 300) {
      return answer(new RobotsAnswer.Known(RobotsRules.ALLOW_ALL, true));
    }
    byte @Nullable [] content = RobotsFile.read(response);
    return answer(
        content == null
            ? new RobotsAnswer.Unreachable(true)
            : new RobotsAnswer.Known(RobotsRules.parse(content, token), true));
  }

  private static @Nullable Url target(Url file, Response response) {
    String location = response.header("location");
    return location == null ? null : file.resolve(location);
  }

  private static CompletionStage<RobotsAnswer> answer(RobotsAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
