package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.core.lifecycle.ShutdownReport.StagePart;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ShutdownReportTest {

  private static final Instant AT = Instant.parse("2026-11-21T07:00:00Z");

  @Test
  void theFileHoldsWhatTheReportSays() {
    byte[] file = ShutdownReportFile.toJson(leaky("drain: a\nb"));

    assertThat(Json.parse(new String(file, StandardCharsets.UTF_8)))
        .isEqualTo(
            Json.parse(
                """
                {
                  "version": 1, "process": "fetcher", "reason": "SIGTERM",
                  "started-at": "2026-11-21T07:00:00Z", "exit": 3, "took-ms": 1234.5,
                  "cut-short": true, "cancelled": 3, "drained": 5, "forced": 1,
                  "phases": {"stop-intake": 0.25, "drain": 1200.0},
                  "stages": [
                    {"name": "frontier", "cancelled": 3, "drained": 0, "forced": 0,
                     "took-ms": {"stop-intake": 0.25}},
                    {"name": "fetcher", "cancelled": 0, "drained": 5, "forced": 1,
                     "took-ms": {"drain": 1200.0}}],
                  "leases": {
                    "leased": 10, "done": 5, "retried": 1, "given-back": 2, "outstanding": 2,
                    "balanced": true, "forced": 1,
                    "forced-leases": [{"lease": "0-7", "url": "http://a.test/"}]},
                  "pages-in-redis": 3,
                  "audit": {
                    "clean": false,
                    "ledger": {"http": 1}, "ledger-entries": ["http of fetcher.http, descriptor 57"],
                    "risen": {"unattributed": 1}, "threads": ["loop-0"],
                    "descriptors-at-start": {
                      "attributed": true, "total": 9, "limit": null, "kinds": {"library": 9},
                      "strays": [], "phantoms": []},
                    "descriptors-now": {
                      "attributed": true, "total": 10, "limit": null,
                      "kinds": {"library": 9, "unattributed": 1},
                      "strays": ["57 socket:[9]"], "phantoms": []},
                    "direct-buffers": 2, "direct-bytes": 4096},
                  "log": {"warnings": 1, "errors": 0},
                  "failures": ["drain: a\\nb"],
                  "findings": ["the frontier is old"]
                }
                """));
  }

  @Test
  void aFailureThatIsFoundWhileTheReportIsWrittenMakesACleanStopForced() {
    ShutdownReport late = leaky("drain").withFailure("no room");
    assertThat(late.failures()).containsExactly("drain", "no room");
    assertThat(late.exit()).as("a leak is worse").isEqualTo(ExitCode.LEAK);
  }

  @Test
  void aLeakOutranksAForcedStopAndThatACrawlWithoutAPage() {
    LeaseSums none = LeaseSums.NONE;
    assertThat(ExitPolicy.decide(0, 0, none, true, false)).isEqualTo(ExitCode.CLEAN);
    assertThat(ExitPolicy.decide(0, 0, none, true, true)).isEqualTo(ExitCode.NO_PAGE);
    assertThat(ExitPolicy.decide(0, 1, none, true, true)).isEqualTo(ExitCode.FORCED);
    assertThat(ExitPolicy.decide(1, 0, none, true, true)).isEqualTo(ExitCode.FORCED);
    assertThat(ExitPolicy.decide(1, 1, none, false, true)).isEqualTo(ExitCode.LEAK);
    LeaseSums unbalanced = new LeaseSums(1, 0, 0, 0, 0, List.of(), 0);
    assertThat(ExitPolicy.decide(0, 0, unbalanced, true, true)).isEqualTo(ExitCode.LEAK);
  }

  @Test
  void theTableIsAlignedAndTellsTheLeak() {
    assertThat(ShutdownReportTable.render(leaky("drain: a\nFAKE\u001b[31m")))
        .isEqualTo(
            """
            fetcher stopped (SIGTERM) in 1234.5 ms: LEAK, exit 3
              stage    cancelled   drained    forced stop-intake ms       drain ms
              frontier         3         0         0            0.3
              fetcher          0         5         1                        1200.0
              total            3         5         1            0.3         1200.0
            leases      10 leased = 5 done + 1 retried + 2 given back + 2 outstanding
            forced      1 leases, whose URLs will be visited again
            in Redis    3 pages, which the next run parses
            ledger      http 1
              open      http of fetcher.http, descriptor 57
            descriptors 10 of ?: library 9, unattributed 1
              at start  9 of ?: library 9
              RISEN     unattributed 1
              stray     57 socket:[9]
            threads     loop-0
            direct      2 buffers, 4096 bytes
            log         1 warnings, 0 errors
            failed      drain: a?FAKE?[31m
            found       the frontier is old\
            """);
  }

  private static ShutdownReport leaky(String failure) {
    return new ShutdownReport(
        "fetcher",
        "SIGTERM",
        AT,
        Duration.ofNanos(1_234_500_000),
        true,
        Map.of(Phase.DRAIN, Duration.ofMillis(1200), Phase.STOP_INTAKE, Duration.ofNanos(250_000)),
        List.of(
            new StagePart(
                "frontier", 3, 0, 0, Map.of(Phase.STOP_INTAKE, Duration.ofNanos(250_000))),
            new StagePart("fetcher", 0, 5, 1, Map.of(Phase.DRAIN, Duration.ofMillis(1200)))),
        new LeaseSums(10, 5, 1, 2, 2, List.of(new ForcedLease("0-7", "http://a.test/")), 1),
        OptionalLong.of(3),
        new Leftovers(
            Map.of(ResourceKind.HTTP, 1),
            List.of("http of fetcher.http, descriptor 57"),
            census(Map.of(ResourceKind.LIBRARY, 9), List.of()),
            census(
                Map.of(ResourceKind.LIBRARY, 9, ResourceKind.UNATTRIBUTED, 1),
                List.of("57 socket:[9]")),
            Map.of(ResourceKind.UNATTRIBUTED, 1),
            List.of("loop-0"),
            new DirectMemory(2, 4096)),
        new LogCounts(1, 0),
        List.of(failure),
        List.of("the frontier is old"),
        ExitCode.LEAK);
  }

  private static Census census(Map<ResourceKind, Integer> kinds, List<String> strays) {
    int total = kinds.values().stream().mapToInt(Integer::intValue).sum();
    return new Census(
        AT, true, kinds, OptionalInt.of(total), OptionalInt.empty(), strays, List.of(), 0);
  }
}
