package io.sluice.frontier.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one host was treated according to the crawl log. A gap is the time from the end of a request
 * to the start of the next; overlapping requests have none.
 *
 * @param host the host's name, as in the crawl log
 * @param requests the requests in the log: for pages, for robots.txt, and failed ones
 * @param leastGap the shortest gap; null with fewer than two requests
 * @param medianGap the median gap; null with fewer than two requests
 * @param rests how often the host asked to be left alone (Retry-After)
 * @param restsObeyed in how many of these pauses no request began
 */
public record PolitenessFacts(
    String host,
    long requests,
    @Nullable Duration leastGap,
    @Nullable Duration medianGap,
    int rests,
    int restsObeyed) {

  /** Collects a log's lines about one host. Confined to one thread. */
  public static final class Builder {

    /** Requests in the order of the log, which is almost the order of their ends. */
    private final List<Instant> begins = new ArrayList<>();

    private final List<Instant> ends = new ArrayList<>();
    private final List<Instant> restBegins = new ArrayList<>();
    private final List<Instant> restEnds = new ArrayList<>();

    /** A request ended. */
    public void request(Instant ended, long millis) {
      begins.add(ended.minusMillis(millis));
      ends.add(ended);
    }

    /** Records that the host asked to be left alone. */
    public void rest(Instant from, Instant until) {
      restBegins.add(from);
      restEnds.add(until);
    }

    public PolitenessFacts build(String host) {
      begins.sort(Comparator.naturalOrder());
      ends.sort(Comparator.naturalOrder());
      List<Duration> gaps = new ArrayList<>();
      for (int i = 1; i < begins.size(); i++) {
        Duration gap = Duration.between(ends.get(i - 1), begins.get(i));
        gaps.add(gap.isNegative() ? Duration.ZERO : gap);
      }
      Collections.sort(gaps);
      int obeyed = 0;
      for (int i = 0; i < restBegins.size(); i++) {
        obeyed += obeyed(restBegins.get(i), restEnds.get(i)) ? 1 : 0;
      }
      return new PolitenessFacts(
          host,
          begins.size(),
          gaps.isEmpty() ? null : gaps.getFirst(),
          gaps.isEmpty() ? null : gaps.get(gaps.size() / 2),
          restBegins.size(),
          obeyed);
    }

    private boolean obeyed(Instant from, Instant until) {
      return begins.stream().noneMatch(begin -> begin.isAfter(from) && begin.isBefore(until));
    }
  }
}
