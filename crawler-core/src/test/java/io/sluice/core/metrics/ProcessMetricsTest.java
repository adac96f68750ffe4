package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessMetricsTest {

  private static final Pattern NAME = Pattern.compile("^(sluice_\\w+)[{ ]", Pattern.MULTILINE);
  private static final Pattern DOCUMENTED = Pattern.compile("^- `(sluice_\\w+)", Pattern.MULTILINE);

  private final ResourceLedger ledger = new ResourceLedger();
  private final DescriptorCensus census =
      new DescriptorCensus(ledger, new DescriptorRules(), Duration.ZERO);
  private final ShutdownSequence shutdown =
      ShutdownSequence.of("fetcher", new ShutdownAudit(census, ledger)).build();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics metrics = ProcessMetrics.bind(registry, census, ledger);

  private final List<Pipe.SourceChannel> pipes = new ArrayList<>();

  @AfterEach
  void close() {
    metrics.close();
    registry.close();
  }

  @Test
  void theLedgerIsShownByKind() {
    ledger.enter(ResourceKind.HTTP, "fetcher.http");

    assertThat(registry.scrape())
        .contains("sluice_ledger_open{kind=\"http\"} 1.0")
        .contains("sluice_ledger_open{kind=\"dns\"} 0.0")
        .contains("jvm_memory_used_bytes", "jvm_threads_live_threads");
  }

  @Test
  @SuppressWarnings("SystemGc") // The test measures what collections leave.
  void theHeapIsShownWithoutItsGarbageAndNettysMemoryBesideIt() {
    // This must be large: the serial collector leaves 5% of the old generation uncompacted.
    byte[] kept = new byte[64 << 20];
    System.gc();
    double with = gauge("sluice.heap.after.gc.bytes");
    assertThat(with).isGreaterThan(kept.length);
    long half = kept.length / 2;
    kept = new byte[0];
    System.gc();

    assertThat(gauge("sluice.heap.after.gc.bytes")).isLessThan(with - half);
    assertThat(kept).isEmpty();

    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(1 << 20);
    try {
      assertThat(gauge("sluice.netty.direct.bytes")).isGreaterThanOrEqualTo(1 << 20);
    } finally {
      buffer.release();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void descriptorsAreShownByKindWithTotalLimitAndStart() {
    assertThat(registry.scrape())
        .contains("sluice_fds{kind=\"unattributed\"} 0.0")
        .doesNotContain("sluice_fds{kind=\"thread\"}")
        .containsPattern("sluice_fds\\{kind=\"library\"} [1-9]")
        .containsPattern("sluice_fds_open [1-9]")
        .containsPattern("sluice_fds_limit [1-9]")
        .containsPattern("sluice_fds_at_start [1-9]")
        .contains("sluice_fds_phantom 0.0");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void kindsAddUpToTheirSumHoweverMuchIsOpenedDuringAScrape() throws IOException {
    Gauge.builder("test.opens", this, ProcessMetricsTest::openOneMore).register(registry);
    try {
      for (int i = 0; i < 20; i++) {
        String page = metrics.scrape(registry::scrape);

        assertThat(sum(page, "sluice_fds{")).isEqualTo(sum(page, "sluice_fds_open "));
      }
    } finally {
      for (Pipe.SourceChannel pipe : pipes) {
        pipe.close();
      }
    }
  }

  private double openOneMore() {
    try {
      Pipe pipe = Pipe.open();
      pipe.sink().close();
      pipes.add(pipe.source());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pipes.size();
  }

  private static double sum(String page, String metric) {
    return page.lines()
        .filter(line -> line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void phasesOfTheShutdownAreShownOnceTheyEnded() {
    ProcessMetrics.bindShutdown(registry, shutdown);
    assertThat(registry.scrape()).contains("sluice_shutdown_seconds{phase=\"drain\"} NaN");

    shutdown.run("test", Deadline.in(Duration.ZERO));

    assertThat(registry.scrape())
        .containsPattern("sluice_shutdown_seconds\\{phase=\"drain\"} [0-9]")
        .contains("sluice_shutdown_pending 0.0");
  }

  @Test
  void everyMetricIsInTheDocumentation() throws IOException {
    ProcessMetrics.bindShutdown(registry, shutdown);
    Path docs = Path.of(System.getProperty("sluice.root"), "docs", "metrics.md");

    assertThat(names(NAME, registry.scrape()))
        .isNotEmpty()
        .isSubsetOf(names(DOCUMENTED, Files.readString(docs)));
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
