package io.sluice.frontier.recrawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.queue.Revisit;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a page is visited again, as a table. Intervals in hours. */
class RecrawlPolicyTest {

  private static final RecrawlPolicy DAILY =
      new RecrawlPolicy(
          new RecrawlSettings(Duration.ofHours(24), Duration.ofHours(10), Duration.ofHours(70)));

  private static UrlEnd end(String ending, int status) {
    Ending how = Objects.requireNonNull(Ending.ofWord(ending));
    return new UrlEnd(how, Reason.OK, status, null, Instant.EPOCH, 1, 2);
  }

  private static @Nullable PageVersion version(@Nullable Long digest) {
    return digest == null
        ? null
        : new PageVersion(new Validators("\"" + digest + "\"", null), digest);
  }

  private static @Nullable Revisit former(@Nullable Long hours, @Nullable Long digest) {
    return hours == null ? null : new Revisit(Duration.ofHours(hours).toSeconds(), version(digest));
  }

  @ParameterizedTest
  @CsvSource({
    // ending, status, earlier interval and version, version found; then the next interval and
    // version
    "page, 200, , , 1, 24, 1",
    "page, 200, , , , 24, ",
    "page, 200, 24, 1, 1, 48, 1",
    "page, 200, 48, 1, 1, 70, 1",
    "page, 200, 70, 1, 1, 70, 1",
    "page, 200, 24, 1, 2, 12, 2",
    "page, 200, 12, 1, 2, 10, 2",
    "page, 200, 10, 1, 2, 10, 2",
    "page, 200, 12, 1, , 24, ", // a worker that does not report versions
    "page, 200, 12, , 2, 24, 2",
    "page, 404, , , 3, 70, ",
    "page, 404, 12, 1, 3, 70, ",
    "page, 410, 12, 1, 3, 70, ",
    "page, 200, 70, , 1, 24, 1", // back again
    "page, 403, 12, 1, 3, 24, ",
    "page, 503, , , 3, 24, ",
    "unchanged, 304, 24, 1, , 48, 1",
    "redirected, 301, 24, 1, , 48, 1",
    "robots-denied, 0, 24, 1, , 48, 1",
    "failed, 0, 60, 1, , 70, 1",
  })
  void aPageIsVisitedAgain(
      String ending,
      int status,
      @Nullable Long hours,
      @Nullable Long known,
      @Nullable Long found,
      long nextHours,
      @Nullable Long nextKnown) {
    assertThat(DAILY.next(former(hours, known), end(ending, status), version(found)))
        .isEqualTo(former(nextHours, nextKnown));
  }

  @ParameterizedTest
  @CsvSource({"redirected, 301", "robots-denied, 0", "refused, 0", "failed, 0"})
  void whatWasNeverAPageIsNot(String ending, int status) {
    assertThat(DAILY.next(null, end(ending, status), null)).isNull();
  }

  @Test
  void whatSettingsRefuseNowIsNot() {
    assertThat(DAILY.next(former(24L, 1L), end("refused", 0), null)).isNull();
  }

  @Test
  void withoutAScheduleNothingIs() {
    RecrawlPolicy never = new RecrawlPolicy(RecrawlSettings.NEVER);
    assertThat(never.next(former(24L, 1L), end("page", 200), version(2L))).isNull();
  }

  @Test
  void theFirstIntervalMayLieBeyondTheBounds() {
    Duration tenth = Duration.ofMillis(100);
    RecrawlPolicy often =
        new RecrawlPolicy(new RecrawlSettings(tenth, Duration.ofHours(1), Duration.ofHours(2)));
    assertThat(often.next(null, end("page", 200), version(1L)))
        .isEqualTo(new Revisit(1, version(1L)));
    assertThat(often.next(new Revisit(1, version(1L)), end("page", 200), version(2L)))
        .isEqualTo(new Revisit(1, version(2L)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 15, 16, 31, 32, 100, 3600, 86_400, 604_800, 31_536_000})
  void aPageIsNeverDueEarlyAndLateByASixteenthAtMost(long interval) {
    for (long begun = 1_763_700_000;
        begun < 1_763_700_000 + 3 * interval;
        begun += 1 + interval / 7) {
      long due =
          RecrawlPolicy.dueSecond(Instant.ofEpochSecond(begun, 1), new Revisit(interval, null));
      assertThat(due)
          .isGreaterThan(begun + interval)
          .isLessThanOrEqualTo(begun + 1 + interval + interval / 16);
    }
  }

  @Test
  void thePagesOfADayAreDueAtFewTimes() {
    Revisit weekly = new Revisit(Duration.ofDays(7).toSeconds(), null);
    long times =
        LongStream.range(0, 86_400)
            .map(second -> RecrawlPolicy.dueSecond(Instant.ofEpochSecond(second), weekly))
            .distinct()
            .count();
    assertThat(times).isLessThanOrEqualTo(4);
  }
}
