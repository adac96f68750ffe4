package io.sluice.core.testing;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something behind: a thread, a descriptor, a child process, or an
 * exception that nobody caught. Ends under way are awaited, 3 s at most. A Netty buffer that was
 * never released fails its class, when all its tests have run.
 *
 * <p>What {@code @BeforeAll} opened is there before and after; close what a test opens in the test
 * or in {@code @AfterEach}. Tests run one after the other in a JVM, else they see each other's.
 */
public final class NoLeaks
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final Duration GRACE = Duration.ofSeconds(3);

  private @Nullable NettyLeaks netty;
  private @Nullable LeakWatch watch;

  @Override
  public void beforeAll(ExtensionContext context) {
    netty = new NettyLeaks();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try (NettyLeaks leaks = netty) {
      if (leaks != null) {
        failIfAny(context, leaks.search());
      }
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    watch = new LeakWatch(GRACE);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    LeakWatch ending = watch;
    watch = null;
    if (ending == null) {
      return;
    }
    List<String> left = ending.end();
    if (netty != null) {
      left.addAll(netty.take());
    }
    failIfAny(context, left);
  }

  private static void failIfAny(ExtensionContext context, List<String> left) {
    if (!left.isEmpty()) {
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
    }
  }
}
