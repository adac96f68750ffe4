package io.sluice.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class NoLeaksTest {

  @TempDir private Path folder;

  private final LeakWatch watch = new LeakWatch(Duration.ofMillis(50), List.of());
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void letThreadsEnd() {
    end.countDown();
  }

  @Test
  void aTidyTestLeavesNothing() {
    assertThat(watch.end()).isEmpty();
  }

  @Test
  void aThreadLeftRunningIsNamed() throws InterruptedException {
    Thread left = Thread.ofPlatform().daemon().name("poller").start(this::awaitEnd);

    assertThat(watch.end()).containsExactly("thread poller");
    end.countDown();
    left.join();
  }

  @Test
  void whatAClassMayLeaveIsNotToldAndAllElseIs() throws InterruptedException {
    List<Pattern> tolerated = List.of(Pattern.compile("thread kept-.*"));
    LeakWatch lenient = new LeakWatch(Duration.ofMillis(50), tolerated);
    Thread kept = Thread.ofPlatform().daemon().name("kept-1").start(this::awaitEnd);
    Thread left = Thread.ofPlatform().daemon().name("not-kept").start(this::awaitEnd);

    assertThat(lenient.end()).containsExactly("thread not-kept");
    end.countDown();
    kept.join();
    left.join();
  }

  @Test
  void aThreadThatEndsInTimeIsFine() {
    LeakWatch patient = new LeakWatch(Duration.ofSeconds(10), List.of());
    Thread.ofPlatform().name("brief").start(() -> LockSupport.parkNanos(10_000_000));

    assertThat(patient.end()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileLeftOpenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("forgotten"));
    try (FileChannel open = FileChannel.open(file)) {
      assertThat(open.isOpen()).isTrue();
      assertThat(watch.end())
          .singleElement()
          .asString()
          .startsWith("descriptor ")
          .endsWith("/forgotten");
    }
  }

  @Test
  void aChildProcessLeftRunningIsNamed() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(watch.end()).contains("child process " + child.pid());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void anExceptionThatNobodyCaughtIsTold() throws InterruptedException {
    Thread careless =
        Thread.ofPlatform()
            .name("careless")
            .start(
                () -> {
                  throw new IllegalStateException("nobody looks");
                });
    careless.join();

    assertThat(watch.end())
        .singleElement()
        .asString()
        .startsWith("careless threw java.lang.IllegalStateException: nobody looks");
  }

  @Test
  void aNettyBufferThatWasNeverReleasedIsFound() {
    try (NettyLeaks leaks = new NettyLeaks()) {
      assertThat(leaks.search()).isEmpty();

      ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);

      assertThat(leaks.search()).singleElement().asString().startsWith("LEAK: ByteBuf.release()");
    }
    assertThat(watch.end()).isEmpty();
  }

  @Test
  void anOpenEntryOfALedgerIsNamed() {
    try (Ledger.Entry entry = new TestLedger().enter(ResourceKind.HTTP, "fetcher.http")) {
      assertThat(watch.end()).containsExactly("in a ledger: " + entry);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aChannelAndItsLoopLeftOpenAreNamed() throws InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      ServerBootstrap server =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .childHandler(new ChannelInboundHandlerAdapter());
      assertThat(server.bind("127.0.0.1", 0).sync().isSuccess()).isTrue();

      assertThat(watch.end())
          .anySatisfy(left -> assertThat(left).startsWith("thread multiThreadIoEventLoopGroup"))
          .anySatisfy(left -> assertThat(left).matches("descriptor \\d+ socket:.*"));
    } finally {
      loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
    }
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
