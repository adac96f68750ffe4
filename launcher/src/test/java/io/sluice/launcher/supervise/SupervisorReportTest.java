package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.LogCounts;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.supervise.PartEnd.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupervisorReportTest {

  private final Ledger ledger = new ResourceLedger();
  private final ShutdownAudit audit =
      new ShutdownAudit(
          new DescriptorCensus(ledger, new DescriptorRules(), Duration.ofSeconds(1)), ledger);

  @ParameterizedTest
  @CsvSource({
    "BY_ITSELF, 0, CLEAN",
    "ASKED, 0, CLEAN",
    "ASKED, 143, CLEAN", // before its JVM handled signals
    "CRASHED, 137, CLEAN", // its unfinished work was redone
    "BY_ITSELF, 137, FORCED",
    "ASKED, 134, FORCED",
    "ASKED, 1, FORCED", // a JVM that crashed
    "ASKED, 2, FORCED",
    "FORCED, 0, CLEAN",
    "KILLED, 137, FORCED",
    "ASKED, 3, LEAK",
    "BY_ITSELF, 4, NO_PAGE"
  })
  void theExitCodeFollowsFromHowAPartEnded(Ending ending, int status, ExitCode exit) {
    assertThat(report(false, part("parser-1", ending, status)).exit()).isEqualTo(exit);
  }

  @Test
  void aFetcherThatDiedAndWasNotStartedAgainLeavesUrlsThatRepeat() {
    assertThat(report(false, part("fetcher", Ending.CRASHED, 137)).exit())
        .isEqualTo(ExitCode.FORCED);
  }

  @Test
  void theWorstPartDecidesAndRedisHasNoStatus() {
    PartEnd redis =
        new PartEnd("redis-server", Ending.ASKED, OptionalInt.empty(), 1, Duration.ZERO);
    assertThat(report(false, part("fetcher", Ending.ASKED, 0), redis).exit())
        .isEqualTo(ExitCode.CLEAN);
    assertThat(report(true, part("fetcher", Ending.ASKED, 0), redis).exit())
        .isEqualTo(ExitCode.FORCED);
    assertThat(report(true, part("fetcher", Ending.ASKED, 3), part("p", Ending.KILLED, 137)).exit())
        .isEqualTo(ExitCode.LEAK);
  }

  @Test
  void aLeakComesBeforeAForcedStopAndThatBeforeACrawlWithoutAPage() {
    PartEnd pageless = part("fetcher", Ending.BY_ITSELF, 4);
    assertThat(report(false, pageless, part("p", Ending.KILLED, 137)).exit())
        .isEqualTo(ExitCode.FORCED);
    assertThat(report(true, pageless).exit()).isEqualTo(ExitCode.FORCED);
    assertThat(report(false, pageless, part("p", Ending.ASKED, 3)).exit()).isEqualTo(ExitCode.LEAK);
    assertThat(report(false, pageless).failedToo().exit()).isEqualTo(ExitCode.FORCED);
  }

  @Test
  void whatOthersOpenInTheProcessOfTheDemoIsNotHeldAgainstTheCrawl() throws Exception {
    Thread web = Thread.ofPlatform().name("demo-web-0").daemon().start(LockSupport::park);
    try {
      assertThat(audit.look(Deadline.in(Duration.ZERO)).threads()).contains("demo-web-0");
      assertThat(report(false).left().clean()).isTrue();
      assertThat(json(report(false))).contains("\"clean\" : true").doesNotContain("demo-web");
      assertThat(SupervisorReportText.table("supervisor", report(false)))
          .contains("threads     none left");
    } finally {
      LockSupport.unpark(web);
      web.join();
    }
  }

  @Test
  void whatTheSupervisorItselfLeavesOpenIsALeak() {
    try (Ledger.Entry left = ledger.enter(ResourceKind.PROCESS, "launcher.parser-1")) {
      assertThat(left.kind()).isEqualTo(ResourceKind.PROCESS);
      assertThat(report(false).exit()).isEqualTo(ExitCode.LEAK);
    }
    assertThat(report(false).exit()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void jsonAndTableTellPhasesPartsAndWhatWasLeft() throws Exception {
    SupervisorReport report = report(false, part("parser-1", Ending.FORCED, 2));
    assertThat(json(report))
        .contains("\"process\" : \"supervisor\"")
        .contains("\"fetcher\" : 1.5")
        .contains("\"ended\" : \"forced\"")
        .contains("\"restarts\" : 1")
        .contains("\"ledger\" : { }")
        .contains("\"pages-in-redis\" : 7")
        .contains("\"errors\" : 5");
    assertThat(SupervisorReportText.table("supervisor", report))
        .contains("phases ms   fetcher 1.5, redis 20.0")
        .contains("  parser-1       forced          2         1        3.0")
        .contains("in Redis    7 pages, which the next run parses")
        .contains("ledger      empty")
        .contains("log         4 warnings, 5 errors");
  }

  private SupervisorReport report(boolean failed, PartEnd... parts) {
    Map<String, Duration> phases = new LinkedHashMap<>();
    phases.put("fetcher", Duration.ofNanos(1_500_000));
    phases.put("redis", Duration.ofMillis(20));
    return new SupervisorReport(
        "exhausted",
        failed,
        Instant.EPOCH,
        false,
        phases,
        List.of(parts),
        OptionalLong.of(7),
        false,
        audit.look(Deadline.in(Duration.ZERO)),
        new LogCounts(4, 5));
  }

  private static String json(SupervisorReport report) throws IOException {
    return new String(SupervisorReportText.json("supervisor", report), StandardCharsets.UTF_8);
  }

  private static PartEnd part(String name, Ending ending, int status) {
    return new PartEnd(name, ending, OptionalInt.of(status), 1, Duration.ofMillis(3));
  }
}
