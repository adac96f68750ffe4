package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.core.testing.TestLedger;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.RecordingArchive;
import io.sluice.fetcher.testing.RecordingDesk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases that wait while the archive is full. */
final class AdmissionTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventLoops loops = EventLoops.open(1, new TestLedger());
  private final Lane lane = loops.lanes().getFirst();
  private final RecordingDesk desk = new RecordingDesk();
  private final RecordingArchive archive = new RecordingArchive();
  private final List<Lease> begun = new CopyOnWriteArrayList<>();
  private final List<Lease> givenBack = new CopyOnWriteArrayList<>();
  private final Lease first = desk.lease("http://a.test/1");
  private final Lease second = desk.lease("http://a.test/2");

  @AfterEach
  void close() {
    loops.close();
  }

  private Admission admission(Duration patience) {
    return new Admission(
        lane, archive, patience, begun::add, givenBack::add, meters.counter("waits"));
  }

  private void onLane(Runnable task) throws Exception {
    lane.loop().submit(task).get(10, TimeUnit.SECONDS);
  }

  @Test
  void leasesBeginInTurnWhenThereIsRoomAndNoneOvertakes() throws Exception {
    Admission admission = admission(Duration.ofMinutes(1));
    CompletableFuture<Void> room = new CompletableFuture<>();
    archive.room = room;
    onLane(
        () -> {
          assertThat(admission.admits()).isFalse();
          admission.await(first);
          archive.room = CompletableFuture.completedFuture(null);
          assertThat(admission.admits()).as("while another waits").isFalse();
          admission.await(second);
        });

    room.complete(null);

    await().until(() -> begun.size() == 2);
    assertThat(begun).containsExactly(first, second);
    assertThat(givenBack).isEmpty();
  }

  @Test
  void oneFreePlaceLetsOneVisitBegin() throws Exception {
    Admission admission = admission(Duration.ofMinutes(1));
    CompletableFuture<Void> room = new CompletableFuture<>();
    archive.room = room;
    onLane(
        () -> {
          admission.await(first);
          admission.await(second);
          archive.mostVisits = 1;
        });
    CompletableFuture<Void> next = new CompletableFuture<>();
    onLane(
        () -> {
          room.complete(null);
          lane.loop().execute(() -> archive.room = next);
        });

    await().until(() -> begun.contains(first));
    onLane(() -> {});
    assertThat(begun).containsExactly(first);

    onLane(
        () -> {
          archive.visitEnded();
          archive.room = CompletableFuture.completedFuture(null);
          next.complete(null);
        });
    await().until(() -> begun.contains(second));
  }

  @Test
  void aLeaseThatHasWaitedForLongGoesBackAndDoesNotBeginLater() throws Exception {
    Admission admission = admission(Duration.ofMillis(100));
    CompletableFuture<Void> room = new CompletableFuture<>();
    archive.room = room;
    onLane(() -> admission.await(first));

    await().until(() -> givenBack.contains(first));
    room.complete(null);
    onLane(() -> {});

    assertThat(begun).isEmpty();
    assertThat(givenBack).containsExactly(first);
  }
}
