package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Reason;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.testing.Changed;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.http.ResponseAssembly.Next;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.TestSettings;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A response from the request to its end, phase by phase, without a network. */
final class ResponseAssemblyTest {
  private static final int MIB = 1 << 20;
  private static final String HEAD = "HTTP/1.1 200 OK\r\n\r\n";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** A budget with room for one body that needs a claim. */
  private final BodyBudget bodies = new BodyBudget(MIB, MIB, 4);

  private EventLoops loops;
  private NameResolver resolver;
  private ResponseAssembly response;

  @BeforeEach
  void sendARequest() {
    sendARequest(true);
  }

  private void sendARequest(boolean keepsParts) {
    TestSettings settings = new TestSettings();
    settings.maxBodyBytes = MIB;
    settings.output = Changed.copyOf(settings.output).with("warc", keepsParts).record();
    SluiceConfig config = settings.config();
    loops = EventLoops.open(1, new ResourceLedger());
    Lane lane = loops.lanes().getFirst();
    resolver = new NameResolver(loops, lane, config.fetcher(), new DnsMetrics(meters));
    LaneContext context = LaneContexts.of(config, loops, resolver, bodies);
    ConnectionPool pool = new ConnectionPool(context, new ConnectionBudget(1));
    HttpRequest request =
        new HttpRequest(
            RecordingDesk.url("http://h.test/"),
            RequestHeads.forPages("Test"),
            MIB,
            Long.MAX_VALUE / 2,
            RecordingDesk.leave(config, "http://h.test/"),
            HostTerms.PROVEN,
            false);
    response = new ResponseAssembly(context, new Exchange(pool, request), "192.0.2.1");
  }

  @AfterEach
  void close() throws Exception {
    loops.lanes().getFirst().loop().submit(resolver::close).get(10, TimeUnit.SECONDS);
    loops.close();
  }

  private boolean begin(String head) {
    response.bytesArrived(head.length());
    return response.begin(Objects.requireNonNull(ResponseHead.parse(head)), -1, () -> {});
  }

  private Next gather(int bytes) {
    response.bytesArrived(bytes);
    return response.gather(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  /** Gathers content until the result is not {@code READ_ON}. */
  private Next gatherAll() {
    Next next = Next.READ_ON;
    for (int i = 0; next == Next.READ_ON && i < 100; i++) {
      next = gather(MIB / 32);
    }
    return next;
  }

  private BodyMemory allMemory() {
    BodyMemory other = new BodyMemory(bodies, () -> {});
    assertThat(other.claim(MIB, MIB)).isTrue();
    return other;
  }

  @Test
  void whatASilenceOrACloseMeansFollowsFromThePhase() {
    assertThat(response.waiting()).isTrue();
    assertThat(response.timeout()).isEqualTo(Reason.FIRST_BYTE_TIMEOUT);
    assertThat(response.ifClosed()).isEqualTo(Reason.CONNECTION_CLOSED);

    response.bytesArrived(1);
    assertThat(response.waiting()).isFalse();
    assertThat(response.timeout()).isNotEqualTo(Reason.FIRST_BYTE_TIMEOUT);
    assertThat(response.ifClosed()).isEqualTo(Reason.CONNECTION_CLOSED);

    assertThat(begin("HTTP/1.1 103 Early Hints\r\n\r\n")).isTrue();
    assertThat(response.ifClosed())
        .as("an interim head is not the head")
        .isEqualTo(Reason.CONNECTION_CLOSED);

    assertThat(begin(HEAD)).isTrue();
    assertThat(response.ifClosed()).isEqualTo(Reason.BODY_INCOMPLETE);
    assertThat(response.keepsConnection()).isTrue();
  }

  @Test
  void nothingButAHeadBegins() {
    assertThat(gather(1)).isEqualTo(Next.REFUSE);
    assertThat(response.finish(false)).isNull();
  }

  @Test
  void interimHeadsCountTowardsTheBound() {
    String hints = "HTTP/1.1 103 Early Hints\r\nlink: " + "x".repeat(1000) + "\r\n\r\n";
    int heads = 0;
    while (heads < 10_000 && begin(hints)) {
      heads++;
    }
    assertThat(heads).isBetween(1, 9_999);
  }

  @Test
  void aBodyBeyondItsBoundIsCut() {
    begin(HEAD);
    assertThat(gatherAll()).isEqualTo(Next.CUT);
    HttpReply.Answered answer = Objects.requireNonNull(response.finish(true));
    assertThat(answer.response().body().size()).isEqualTo(MIB);
    answer.memory().release();
    assertThat(bodies.usedBytes()).isZero();
  }

  @Test
  void aBodyWithoutMemoryIsHeldUpAndGoesOnOnce() {
    BodyMemory other = allMemory();
    begin(HEAD);
    assertThat(response.failsForMemory(Reason.CONNECTION_RESET)).isFalse();
    assertThat(gatherAll()).isEqualTo(Next.HOLD_UP);
    assertThat(response.keepsConnection()).isFalse();
    assertThat(response.failsForMemory(Reason.IDLE_TIMEOUT)).isTrue();

    other.release();
    assertThat(response.goOn()).isTrue();
    assertThat(response.goOn()).as("not held up any more").isFalse();
    assertThat(response.heldUpNanos()).isPositive();
    assertThat(response.failsForMemory(Reason.CONNECTION_RESET)).isTrue();
    assertThat(response.failsForMemory(Reason.IDLE_TIMEOUT)).as("its host's doing").isFalse();
    assertThat(gatherAll()).isEqualTo(Next.CUT);
    response.drop();
  }

  @Test
  void aBodyThatIsHeldUpIsGivenUpIfTooMuchWasReadAlready() {
    allMemory();
    begin(HEAD);
    assertThat(gatherAll()).isEqualTo(Next.HOLD_UP);
    assertThat(gatherAll()).isEqualTo(Next.GIVE_UP);
  }

  @Test
  void whatIsDroppedHoldsNoMemoryAndNeverGoesOn() {
    begin(HEAD);
    response.gather(Unpooled.wrappedBuffer(new byte[MIB / 2]));
    assertThat(bodies.usedBytes()).isPositive();
    response.drop();
    assertThat(bodies.usedBytes()).isZero();
    assertThat(response.goOn()).isFalse();
    assertThat(response.finish(false)).isNull();
  }

  @Test
  void aPartThatIsTakenHoldsAsMuchMemoryAsItIsLong() {
    begin(HEAD);
    assertThat(gather(MIB / 2)).isEqualTo(Next.READ_ON);
    assertThat(bodies.usedBytes()).as("claimed to grow").isGreaterThan(MIB / 2);

    HttpReply.Part part = Objects.requireNonNull(response.takePart());
    assertThat(part.response().body().size()).isEqualTo(MIB / 2);
    assertThat(bodies.usedBytes()).isEqualTo(MIB / 2);
    assertThat(response.takePart()).as("it was taken already").isNull();
    response.drop();
    assertThat(bodies.usedBytes()).as("the part's memory is its receiver's").isEqualTo(MIB / 2);

    part.memory().release();
    assertThat(bodies.usedBytes()).isZero();
  }

  @Test
  void aPartOfAHeldUpBodyHoldsNoClaimForTheRest() {
    BodyMemory other = allMemory();
    begin(HEAD);
    assertThat(gatherAll()).isEqualTo(Next.HOLD_UP);
    HttpReply.Part part = Objects.requireNonNull(response.takePart());
    int size = Math.toIntExact(part.response().body().size());
    assertThat(bodies.usedBytes()).isEqualTo(MIB + size);

    other.release();
    assertThat(bodies.usedBytes()).isEqualTo(size);
    part.memory().release();
  }

  @Test
  void withoutAUseForPartsNoneIsTakenAndTheBodyIsDropped() throws Exception {
    close();
    sendARequest(false);
    begin(HEAD);
    gather(MIB / 2);
    assertThat(response.takePart()).isNull();
    assertThat(bodies.usedBytes()).as("until it is dropped").isPositive();
    response.drop();
    assertThat(bodies.usedBytes()).isZero();
  }

  @Test
  void aHeldUpBodyThatIsDroppedWaitsForMemoryNoLonger() {
    BodyMemory other = allMemory();
    begin(HEAD);
    assertThat(gatherAll()).isEqualTo(Next.HOLD_UP);
    response.drop();
    assertThat(bodies.usedBytes()).as("the other body's alone").isEqualTo(MIB);

    other.release();
    assertThat(bodies.usedBytes()).isZero();
    allMemory().release();
  }
}
