package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.Stage.Drained;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownSequenceTest {

  private static final Deadline LONG = Deadline.in(Duration.ofMinutes(1));
  private static final Duration SHORT_BOUND = Duration.ofMillis(60);

  @TempDir private Path folder;

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final ResourceLedger ledger = new ResourceLedger();
  private final ShutdownAudit audit =
      new ShutdownAudit(new DescriptorCensus(ledger, new DescriptorRules(), Duration.ZERO), ledger);

  @Test
  void eachPhaseWalksAllStagesBeforeTheNextAndClosesInReverse() {
    ResourceScope last = new ResourceScope();
    last.own(() -> calls.add("close pool"));
    ShutdownReport report =
        sequence(stage("frontier").cancels(3), stage("fetcher").drains(_ -> new Drained(2, 0)))
            .last(last)
            .build()
            .run("SIGTERM", LONG);

    assertThat(calls)
        .containsExactly(
            "stop frontier",
            "stop fetcher",
            "cancel frontier",
            "cancel fetcher",
            "drain frontier",
            "drain fetcher",
            "close fetcher",
            "close frontier",
            "close pool");
    assertThat(report.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(report.cancelled()).isEqualTo(3);
    assertThat(report.drained()).isEqualTo(2);
    assertThat(report.stages().getFirst().cancelled()).isEqualTo(3);
    assertThat(report.phases()).containsOnlyKeys(Phase.values());
    assertThat(report.reason()).isEqualTo("SIGTERM");
  }

  @Test
  void aStageThatThrowsDoesNotStopTheSequence() {
    ShutdownReport report =
        sequence(
                stage("frontier")
                    .stops(
                        () -> {
                          throw new IllegalStateException("no journal");
                        }),
                stage("fetcher")
                    .closes(
                        () -> {
                          throw new AssertionError("a bug");
                        }))
            .build()
            .run("SIGTERM", LONG);

    assertThat(calls).hasSize(8).endsWith("close fetcher", "close frontier");
    assertThat(report.failures())
        .containsExactly(
            "stop-intake frontier: java.lang.IllegalStateException: no journal",
            "close fetcher: java.lang.AssertionError: a bug");
    assertThat(report.exit()).isEqualTo(ExitCode.FORCED);
  }

  @Test
  void whatTheDeadlineCutsIsForced() {
    Deadline passed = Deadline.in(Duration.ZERO);
    ShutdownReport report =
        sequence(
                stage("fetcher")
                    .drains(deadline -> deadline.passed() ? new Drained(0, 4) : Drained.NOTHING))
            .build()
            .run("SIGTERM", passed);

    assertThat(report.forced()).isEqualTo(4);
    assertThat(report.exit()).isEqualTo(ExitCode.FORCED);
    assertThat(report.cutShort()).isFalse();
  }

  @Test
  void aSecondSignalEndsTheDrainAtOnce() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    CompletableFuture<Void> never = new CompletableFuture<>();
    ShutdownSequence sequence =
        sequence(
                stage("fetcher")
                    .drains(
                        deadline -> {
                          draining.countDown();
                          return await(deadline, never) ? Drained.NOTHING : new Drained(0, 1);
                        }))
            .build();
    CompletableFuture<ShutdownReport> run =
        CompletableFuture.supplyAsync(() -> sequence.run("SIGTERM", LONG));
    draining.await();

    sequence.force();
    ShutdownReport report = run.get(10, TimeUnit.SECONDS);

    assertThat(report.cutShort()).isTrue();
    assertThat(report.forced()).isEqualTo(1);
    assertThat(report.exit()).isEqualTo(ExitCode.FORCED);
  }

  @Test
  void aCallThatHangsIsLeftBehindAndFound() {
    CompletableFuture<Void> hang = new CompletableFuture<>();
    ShutdownReport report =
        sequence(stage("frontier").stops(hang::join), stage("fetcher"))
            .stepBound(SHORT_BOUND)
            .auditBound(Duration.ZERO)
            .build()
            .run("SIGTERM", LONG);
    hang.complete(null);

    assertThat(calls).hasSize(8);
    assertThat(report.failures())
        .containsExactly("stop-intake frontier: did not end in time and was left behind");
    assertThat(report.left().threads()).contains("shutdown: stop-intake frontier");
    assertThat(report.exit()).isEqualTo(ExitCode.LEAK);
  }

  @Test
  void aDrainMayTakeItsDeadlineAndTheBoundBeyondIt() {
    CompletableFuture<Void> hang = new CompletableFuture<>();
    ShutdownReport report =
        sequence(
                stage("fetcher")
                    .drains(
                        _ -> {
                          hang.join();
                          return Drained.NOTHING;
                        }))
            .stepBound(SHORT_BOUND)
            .auditBound(Duration.ZERO)
            .build()
            .run("SIGTERM", Deadline.in(Duration.ofMillis(40)));
    hang.complete(null);

    assertThat(report.failures())
        .containsExactly("drain fetcher: did not end in time and was left behind");
    assertThat(report.phases().get(Phase.DRAIN)).isGreaterThanOrEqualTo(SHORT_BOUND);
  }

  @Test
  void anEntryLeftInTheLedgerIsALeakUnlessItWasThereAtTheStart() {
    Ledger.Entry early = ledger.enter(ResourceKind.LOG, "launcher.log");
    ShutdownAudit later =
        new ShutdownAudit(
            new DescriptorCensus(ledger, new DescriptorRules(), Duration.ZERO), ledger);
    assertThat(ShutdownSequence.of("fetcher", later).build().run("test", LONG).exit())
        .isEqualTo(ExitCode.CLEAN);

    ledger.enter(ResourceKind.THREAD, "fetcher.loop");
    ShutdownReport report =
        ShutdownSequence.of("fetcher", later).auditBound(Duration.ZERO).build().run("test", LONG);

    assertThat(report.exit()).isEqualTo(ExitCode.LEAK);
    assertThat(report.left().ledger()).isEqualTo(Map.of(ResourceKind.THREAD, 1));
    assertThat(report.left().entries()).containsExactly("thread of fetcher.loop");
    early.close();
  }

  @Test
  void aDescriptorLeftOpenIsALeak() throws IOException {
    try (FileChannel forgotten = FileChannel.open(Files.createFile(folder.resolve("page.tmp")))) {
      ShutdownReport report = sequence().auditBound(Duration.ZERO).build().run("SIGTERM", LONG);

      assertThat(report.exit()).isEqualTo(ExitCode.LEAK);
      assertThat(report.left().risen()).isEqualTo(Map.of(ResourceKind.UNATTRIBUTED, 1));
      assertThat(report.left().descriptorsNow().strays())
          .singleElement()
          .asString()
          .endsWith("page.tmp");
      assertThat(forgotten.isOpen()).isTrue();
    }
  }

  @Test
  void aThreadThatEndsWithinTheAuditsBoundIsNoLeak() {
    CountDownLatch end = new CountDownLatch(1);
    Thread loop = Thread.ofPlatform().daemon().name("loop-0").start(() -> awaitQuietly(end));
    ResourceScope last = new ResourceScope();
    last.own(end::countDown);

    ShutdownReport report = sequence().last(last).build().run("SIGTERM", LONG);

    assertThat(report.left().threads()).isEmpty();
    assertThat(report.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(loop.getName()).isEqualTo("loop-0");
  }

  @Test
  void aLeaseThatNobodyAccountsForIsALeak() {
    ShutdownReport report =
        sequence()
            .leases(() -> new LeaseSums(10, 5, 1, 1, 2, List.of(), 0))
            .build()
            .run("SIGTERM", LONG);

    assertThat(report.leases().balanced()).isFalse();
    assertThat(report.exit()).isEqualTo(ExitCode.LEAK);
  }

  @Test
  void aForcedLeaseMakesTheStopForced() {
    List<ForcedLease> cut = List.of(new ForcedLease("0-7", "http://a.test/"));
    ShutdownReport report =
        sequence().leases(() -> new LeaseSums(10, 5, 1, 2, 2, cut, 1)).build().run("SIGTERM", LONG);

    assertThat(report.exit()).isEqualTo(ExitCode.FORCED);
  }

  @Test
  void aSequenceRunsOnce() {
    ShutdownSequence sequence = sequence().build();
    assertThat(sequence.begun()).isFalse();
    sequence.run("SIGTERM", LONG);

    assertThat(sequence.begun()).isTrue();
    assertThatThrownBy(() -> sequence.run("SIGTERM", LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already run");
  }

  @Test
  void progressTellsPhaseAndOpenStages() {
    List<String> seen = new CopyOnWriteArrayList<>();
    CompletableFuture<ShutdownSequence> self = new CompletableFuture<>();
    ShutdownSequence sequence =
        sequence(
                stage("frontier").closes(() -> seen.add(progress(self))),
                stage("fetcher")
                    .drains(
                        _ -> {
                          seen.add(progress(self));
                          return Drained.NOTHING;
                        }))
            .build();
    self.complete(sequence);
    assertThat(sequence.progress().phase()).isNull();

    sequence.run("SIGTERM", LONG);

    assertThat(seen).containsExactly("DRAIN 2", "CLOSE 1");
    assertThat(sequence.progress().ended()).containsOnlyKeys(Phase.values());
  }

  private static String progress(CompletableFuture<ShutdownSequence> sequence) {
    ShutdownSequence.Progress progress = sequence.join().progress();
    return progress.phase() + " " + progress.openStages();
  }

  private RecordedStage stage(String name) {
    return new RecordedStage(name, calls);
  }

  private ShutdownSequence.Builder sequence(Stage... stages) {
    ShutdownSequence.Builder builder = ShutdownSequence.of("fetcher", audit);
    for (Stage stage : stages) {
      builder.stage(stage);
    }
    return builder;
  }

  private static boolean await(Deadline deadline, CompletableFuture<?> event) {
    try {
      return deadline.await(event);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
