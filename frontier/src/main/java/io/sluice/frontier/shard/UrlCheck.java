package io.sluice.frontier.shard;

import io.sluice.core.url.Url;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks URLs that have not ended: whether each is normalized, of its host, and in the seen set,
 * where many are looked up together. Used once, on one thread.
 */
final class UrlCheck {

  /** URLs looked up together; so many are in memory. */
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
   * @param directory the shard's
   * @param seen borrowed; null if URLs are not looked up
   * @param problems is told each problem, in one line
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

  /** How many URLs were checked. */
  long urls() {
    return urls;
  }

  /**
   * Checks a URL; whether it was seen is looked up later.
   *
   * @param where in what state it is, fit for a message
   * @return true
   */
  boolean url(HostQueue host, PackedUrl packed, String where) throws IOException {
    urls++;
    try {
      String href = packed.unpack().href();
      Url url = Url.parse(href);
      if (url == null || !url.href().equals(href)) {
        problem(host, where, "is no normalized URL", href);
      } else if (!Calendar.mayHold(host, url)) {
        problem(host, where, "is of another host", href);
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

  /** Looks up the URLs that were not yet. */
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
