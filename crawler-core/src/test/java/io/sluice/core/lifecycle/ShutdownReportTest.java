package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.core.lifecycle.ShutdownReport.StagePart;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownReportTest {

  private static final Instant AT = Instant.parse("2026-11-21T07:00:00Z");

  @TempDir private Path folder;

  @Test
  void theFileHoldsWhatTheReportSays() throws IOException {
    Path file = folder.resolve("shutdown-report.json");
    ShutdownReportFile.write(leaky("drain: a\nb"), file);

    assertThat(Json.read(file))
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
                  "failures": ["drain: a\\nb"]
                }
                """));
  }

  @Test
  void anOlderReportIsReplacedAndNothingElseRemains() throws IOException {
    Path file = folder.resolve("shutdown-report.json");
    Files.writeString(file, "old and longer than what follows, surely".repeat(500));

    ShutdownReportFile.write(leaky("x"), file);

    assertThat(Json.read(file)).isInstanceOf(Map.class);
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void aReportThatCannotBeWrittenLeavesNothingBeside() throws IOException {
    Path taken = folder.resolve("shutdown-report.json");
    Files.createDirectories(taken.resolve("full"));

    assertThatThrownBy(() -> ShutdownReportFile.write(leaky("x"), taken))
        .isInstanceOf(IOException.class);
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(taken);
    }
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
            forced      1 leases, their URLs repeat
            ledger      http 1
              open      http of fetcher.http, descriptor 57
            descriptors 10 of ?: library 9, unattributed 1
              at start  9 of ?: library 9
              RISEN     unattributed 1
              stray     57 socket:[9]
            threads     loop-0
            direct      2 buffers, 4096 bytes
            log         1 warnings, 0 errors
            failed      drain: a?FAKE?[31m\
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
        ExitCode.LEAK);
  }

  private static Census census(Map<ResourceKind, Integer> kinds, List<String> strays) {
    int total = kinds.values().stream().mapToInt(Integer::intValue).sum();
    return new Census(
        AT, true, kinds, OptionalInt.of(total), OptionalInt.empty(), strays, List.of(), 0);
  }
}
