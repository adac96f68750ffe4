package io.sluice.fetcher.robots;

import io.sluice.core.url.Url;
import io.sluice.fetcher.archive.VisitArchive;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.gate.Leave;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.http.HostTerms;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.http.HttpReply;
import io.sluice.fetcher.http.HttpRequest;
import io.sluice.fetcher.http.RequestHeads;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.http.RetryAfter;
import io.sluice.fetcher.robots.RobotsAnswer.Contact;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a robots.txt file and judges the response (RFC 9309, 2.3.1): a 4xx status means that
 * there are no rules; 429, 5xx and network failures mean that the rules are unknown; a redirect
 * names another file, if the guard allows it.
 *
 * <p>Thread-safe: immutable.
 */
final class RobotsFetch {
  private static final Logger log = LoggerFactory.getLogger(RobotsFetch.class);

  private final HttpClient client;
  private final AddressGuard guard;
  private final RequestHeads heads;
  private final String token;
  private final InstantSource clock;
  private final Executor aside;

  /**
   * @param aside runs the decompression of files, which may load a native library; borrowed
   */
  RobotsFetch(
      HttpClient client,
      AddressGuard guard,
      String userAgent,
      InstantSource clock,
      Executor aside) {
    this.aside = aside;
    this.client = client;
    this.guard = guard;
    this.heads = RequestHeads.forRobots(userAgent);
    this.token = RobotsRules.productToken(userAgent);
    this.clock = clock;
  }

  /**
   * Fetches a file.
   *
   * @param found the file, and the redirects that led to it; after a redirect, a failure does not
   *     count against the visit's host
   * @param terms the terms of the visit's own host
   * @param archive keeps the exchange
   * @return a stage that never fails and completes on any lane or on a thread of {@code aside}; the
   *     answer includes whether the host was asked just now
   */
  CompletionStage<RobotsAnswer> fetch(
      RobotsFiles.Found found,
      Leave leave,
      long deadlineNanos,
      HostTerms terms,
      VisitArchive archive) {
    Url file = found.file();
    HostTerms ofFile = found.redirects() > 0 ? terms.elsewhere() : terms;
    HttpRequest request =
        new HttpRequest(
            file,
            heads.with(found.chain().cookies(file, clock.instant())),
            RobotsRules.MAX_BYTES,
            deadlineNanos,
            leave,
            ofFile,
            true);
    return CompletableFuture.completedFuture(request)
        .thenCompose(client::fetch) // a defect in the client must lead to an answer, too
        .thenCompose(
            reply -> {
              archive.ended(file, reply); // another thread may still be inflating the body
              return answer(found, reply);
            })
        .exceptionally(bug -> unreadable(file, bug));
  }

  private static RobotsAnswer unreadable(Url file, Throwable bug) {
    log.error("reading {} failed", file, bug);
    return new RobotsAnswer.Unreachable(Contact.ASKED);
  }

  private CompletionStage<RobotsAnswer> answer(RobotsFiles.Found found, HttpReply reply) {
    return switch (reply) {
      case HttpReply.Answered answered -> judge(found, answered.response());
      case HttpReply.HeldUp _ -> done(new RobotsAnswer.Busy(Contact.ASKED));
      case HttpReply.Busy _ -> done(new RobotsAnswer.Busy(Contact.NONE));
      case HttpReply.Cancelled cancelled ->
          done(new RobotsAnswer.Cancelled(Contact.of(cancelled.sent())));
      case HttpReply.Failed failed when failed.sent() ->
          done(new RobotsAnswer.Unreachable(Contact.ASKED));
      case HttpReply.Failed _, HttpReply.Refused _ ->
          done(
              found.redirects() > 0
                  ? new RobotsAnswer.Unreachable(Contact.ASKED)
                  : new RobotsAnswer.HostFailed(reply));
    };
  }

  private CompletionStage<RobotsAnswer> judge(RobotsFiles.Found found, Response response) {
    int status = response.status();
    Url file = found.file();
    Url target = response.target(file);
    if (target != null) {
      RedirectChain chain = found.chain().after(file, response, clock.instant());
      return done(
          guard.refusal(target, file.href()) == null
              ? new RobotsAnswer.Moved(target.withoutRootDot(), Contact.ASKED, chain)
              : new RobotsAnswer.Unreachable(Contact.ASKED));
    }
    if (status == 429 || status >= 500) {
      return done(
          new RobotsAnswer.Unreachable(Contact.ASKED, RetryAfter.of(response, clock.instant())));
    }
    if (status >= 300) {
      return done(new RobotsAnswer.Known(RobotsRules.ALLOW_ALL, Contact.ASKED));
    }
    if (!RobotsFile.isCoded(response)) {
      return done(read(response));
    }
    try {
      return CompletableFuture.supplyAsync(() -> read(response), aside);
    } catch (RejectedExecutionException e) { // the fetcher has stopped
      return done(new RobotsAnswer.Cancelled(Contact.ASKED));
    }
  }

  private RobotsAnswer read(Response response) {
    byte @Nullable [] content = RobotsFile.read(response);
    return content == null
        ? new RobotsAnswer.Unreachable(Contact.ASKED)
        : new RobotsAnswer.Known(RobotsRules.parse(content, token), Contact.ASKED);
  }

  private static CompletionStage<RobotsAnswer> done(RobotsAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
