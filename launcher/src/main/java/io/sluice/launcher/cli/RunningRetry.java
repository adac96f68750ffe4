package io.sluice.launcher.cli;

import io.sluice.core.lease.Offer;
import io.sluice.core.url.Url;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TakenBack;
import io.sluice.frontier.inspect.FailedUrls;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.launcher.control.Command;
import io.sluice.launcher.control.ControlClient;
import io.sluice.launcher.control.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In a running crawl, requeues failed URLs and takes back hosts that were given up. This process
 * searches the crawl's files for the failed URLs, so that the search does not use the crawl's
 * memory, and sends them in bounded batches. Used once, on one thread.
 */
final class RunningRetry {

  /** Approximate length of the URLs in a batch, in characters; one more offer may exceed it. */
  private static final int BATCH_CHARACTERS = 256 << 10;

  private final FrontierView frontier;
  private final ControlClient crawl;
  private final RetryFilter filter;
  private final List<Offer> batch = new ArrayList<>();
  private int batchCharacters;
  private TakenBack hosts = TakenBack.NONE;
  private OfferCounts counts = OfferCounts.NONE;

  RunningRetry(FrontierView frontier, Path socket, RetryFilter filter) {
    this.frontier = frontier;
    this.crawl = new ControlClient(socket);
    this.filter = filter;
  }

  /**
   * Sends the commands.
   *
   * @return false if no running crawl accepts commands, in which case nothing was done
   * @throws IOException if the crawl stops or refuses midway; the message is one line
   */
  boolean run() throws IOException {
    Optional<Reply> reply = crawl.ask(new Command.RetryHosts(filter));
    if (reply.isEmpty()) {
      return false;
    }
    if (accepted(reply.get()) instanceof Reply.Hosts(var taken)) {
      hosts = taken;
    }
    for (int number = 0; number < frontier.shards(); number++) {
      if (filter.host() == null || frontier.shardOf(filter.host()) == number) {
        find(number).visit(this::add);
      }
    }
    flush();
    return true;
  }

  private FailedUrls find(int number) throws IOException {
    try (ShardView shard = frontier.shard(number, _ -> true)) {
      return FailedUrls.find(shard, frontier.fingerprints(), filter);
    }
  }

  private void add(QueuedUrl failed) throws IOException {
    Url url = Url.parse(failed.href());
    if (url == null) {
      return; // a line that this version did not write is skipped
    }
    List<String> chain = QueuedUrl.chainBefore(failed.href(), failed.redirects());
    Offer offer = new Offer(url, failed.depth(), failed.via(), chain, failed.labels());
    batch.add(offer.onceMore());
    batchCharacters += failed.href().length() + (failed.via() == null ? 0 : failed.via().length());
    batchCharacters += failed.redirects().stream().mapToInt(String::length).sum();
    if (batch.size() == Command.MAX_URLS || batchCharacters >= BATCH_CHARACTERS) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    Reply reply =
        crawl
            .ask(new Command.QueueAgain(batch))
            .orElseThrow(
                () -> new IOException("the crawl stopped meanwhile: run the command again"));
    if (accepted(reply) instanceof Reply.Urls(var judged)) {
      counts = counts.plus(judged);
    }
    batch.clear();
    batchCharacters = 0;
  }

  private static Reply accepted(Reply reply) throws IOException {
    if (reply instanceof Reply.Refused(String error)) {
      throw new IOException("the crawl refused the command: " + error);
    }
    return reply;
  }

  /** The hosts that were taken back. */
  TakenBack hosts() {
    return hosts;
  }

  /** Number of failed URLs that were requeued. */
  long queued() {
    return counts.accepted();
  }

  /** Number of failed URLs that the crawl's settings now refuse. */
  long refused() {
    return counts.refused();
  }
}
