package io.sluice.frontier.state;

import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.state.Event.Asked;
import io.sluice.frontier.state.Event.LeftAlone;
import java.io.IOException;
import java.time.Instant;

/** Writes a shard's events to its crawl log, which is borrowed. */
public record LogLines(CrawlLog log) implements ShardState.EndedUrls {

  @Override
  public void ended(QueuedUrl url, UrlEnd end) throws IOException {
    if (!url.href().isEmpty()) { // empty for a URL that could not be recovered
      log.write(url, end);
    }
  }

  @Override
  public void givenUp(String host, String reason, long urls, Instant at) throws IOException {
    log.writeGivenUp(host, reason, urls, at);
  }

  @Override
  public void leftAlone(LeftAlone host) throws IOException {
    log.writeLeftAlone(host.host(), host.reason(), host.at(), host.until());
  }

  @Override
  public void asked(Asked asked) throws IOException {
    log.writeAsked(asked.host(), asked.at(), asked.millis());
  }
}
