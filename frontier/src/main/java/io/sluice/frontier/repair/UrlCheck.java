package io.sluice.frontier.repair;

import io.sluice.core.url.Url;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks URLs that have not ended: whether each is normalized, belongs to its host, and is in the
 * seen set. URLs are looked up there in batches. Used once, on one thread.
 */
final class UrlCheck {

  /** Number of URLs that are held in memory and looked up together. */
  private static final int BATCH = 1 << 16;

  private record Pending(HostQueue host, String where, String href) {}

  private final Path directory;
  private final @Nullable SeenSet seen;
  private final Fingerprints fingerprints;
  private final Consumer<String> problems;
  private final long[] lookUps = new long[BATCH];
  private final List<Pending> pending = new ArrayList<>();
  private long urls;

  /**
   * @param directory the directory of the shard's files
   * @param seen borrowed; null to skip the lookup
   * @param problems receives each problem, in one line
   */
  UrlCheck(
      Path directory,
      @Nullable SeenSet seen,
      Fingerprints fingerprints,
      Consumer<String> problems) {
    this.directory = directory;
    this.seen = seen;
    this.fingerprints = fingerprints;
    this.problems = problems;
  }

  /** The number of URLs checked. */
  long urls() {
    return urls;
  }

  /**
   * Checks a URL; its lookup in the seen set follows later, in a batch.
   *
   * @param where its state, in the words of a message
   * @return always true, so that a visit of URLs continues
   */
  boolean url(HostQueue host, PackedUrl packed, String where) throws IOException {
    urls++;
    try {
      String href = packed.unpack().href();
      Url url = Url.parse(href);
      if (url == null || !url.href().equals(href)) {
        problem(host, where, "is not a normalized URL", href);
      } else if (!Calendar.mayHold(host, url)) {
        problem(host, where, "belongs to another host", href);
      } else {
        lookUp(new Pending(host, where, href));
      }
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      problem(host, where, "cannot be read: " + e.getMessage(), "");
    }
    return true;
  }

  private void lookUp(Pending url) throws IOException {
    lookUps[pending.size()] = fingerprints.of(url.href());
    pending.add(url);
    if (pending.size() == BATCH) {
      flush();
    }
  }

  /** Looks up the URLs that are still pending. */
  void flush() throws IOException {
    if (seen != null) {
      seen.prepare(lookUps, pending.size());
      for (int i = 0; i < pending.size(); i++) {
        if (!seen.contains(lookUps[i])) {
          Pending url = pending.get(i);
          problem(url.host(), url.where(), "is not in the seen set", url.href());
        }
      }
    }
    pending.clear();
  }

  private void problem(HostQueue host, String where, String wrong, String href) {
    problems.accept(
        "%s: host %s: a URL %s %s: %s".formatted(directory, host.name(), where, wrong, href));
  }
}
