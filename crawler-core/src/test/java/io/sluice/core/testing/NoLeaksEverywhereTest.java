package io.sluice.core.testing;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs careless tests, which do not ask for the extension, as a build runs its tests. */
class NoLeaksEverywhereTest {

  /** The resources that the careless tests left open, for this test to close. */
  private static ResourceScope left = new ResourceScope();

  @BeforeEach
  void begin() {
    left = new ResourceScope();
  }

  @AfterEach
  void tidyUp() {
    left.close();
  }

  @Test
  void everyTestThatLeavesSomethingBehindFailsUnasked() {
    Map<String, String> failures = run(CarelessTests.class);

    assertThat(failures.keySet())
        .containsExactlyInAnyOrder(
            "thread()", "file()", "child()", "entry()", "uncaught()", "CarelessTests");
    assertThat(failures.get("thread()")).contains("thread poller");
    assertThat(failures.get("file()")).contains("descriptor ", "/forgotten");
    assertThat(failures.get("child()")).contains("child process ");
    assertThat(failures.get("entry()")).contains("in a ledger: http of fetcher.http");
    assertThat(failures.get("uncaught()")).contains("careless threw", "nobody looks");
  }

  @Test
  void aBufferThatWasLostFailsItsClass() {
    assertThat(run(LosesABuffer.class).get("LosesABuffer")).contains("LEAK: ByteBuf.release()");
  }

  @Test
  void whatIsOpenedForAClassMustBeClosedWithIt() {
    assertThat(run(OpensForAll.class).get("OpensForAll")).contains("dns of fetcher.dns");
  }

  @Test
  void aPoolOfRedisConnectionsLeftOpenIsNoticed() {
    assertThat(run(LeavesAPool.class).get("pool(TestRedis)"))
        .contains("in a ledger: thread of redis", "in a ledger: redis of redis");
  }

  @Test
  void fieldsOfATestAreWatchedToo() {
    assertThat(run(OpensInAField.class).get("field()")).contains("dns of fetcher.dns");
  }

  private static Map<String, String> run(Class<?> tests) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(tests))
            .configurationParameter(NoLeaks.GRACE_MILLIS, "50")
            .build();
    Map<String, String> failures = new TreeMap<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result
                .getThrowable()
                .ifPresent(failure -> failures.put(name(test), failure.toString()));
          }
        };
    LauncherFactory.create().execute(request, listener);
    return failures;
  }

  private static String name(TestIdentifier test) {
    return test.getDisplayName().substring(test.getDisplayName().indexOf('$') + 1);
  }

  static class CarelessTests {

    @Test
    void thread() {
      CountDownLatch end = new CountDownLatch(1);
      left.own(end::countDown);
      Thread.ofPlatform().daemon().name("poller").start(() -> awaitUninterruptibly(end));
    }

    @Test
    void file() throws IOException {
      Path folder = Files.createTempDirectory("sluice-test");
      left.own(() -> Files.delete(folder));
      left.own(() -> Files.delete(folder.resolve("forgotten")));
      left.own(FileChannel.open(folder.resolve("forgotten"), CREATE_NEW, WRITE));
    }

    @Test
    void child() throws IOException {
      Process child = new ProcessBuilder("sleep", "60").start();
      left.own(() -> child.destroyForcibly().waitFor());
    }

    @Test
    void entry() {
      left.own(new TestLedger().enter(ResourceKind.HTTP, "fetcher.http"));
    }

    @Test
    void uncaught() throws InterruptedException {
      Thread.ofPlatform()
          .name("careless")
          .start(
              () -> {
                throw new IllegalStateException("nobody looks");
              })
          .join();
    }

    private static void awaitUninterruptibly(CountDownLatch end) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static class LosesABuffer {

    @Test
    void buffer() {
      ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
    }
  }

  static class OpensForAll {

    @BeforeAll
    static void open() {
      left.own(new TestLedger().enter(ResourceKind.DNS, "fetcher.dns"));
    }

    @Test
    void test() {}
  }

  static class OpensInAField {

    private final Ledger.Entry entry = new TestLedger().enter(ResourceKind.DNS, "fetcher.dns");

    @Test
    void field() {
      left.own(entry);
    }
  }

  @ExtendWith(RedisExtension.class)
  static class LeavesAPool {

    @Test
    void pool(TestRedis redis) {
      left.own(redis.pool());
    }
  }
}
