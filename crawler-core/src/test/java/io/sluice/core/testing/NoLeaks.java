package io.sluice.core.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test that leaves something behind: a thread, a descriptor (so a channel, a connection, a
 * file), a child process, an entry in a {@link TestLedger} (so a pool with a connection that was
 * not returned), or an uncaught exception. It waits for resources that are still being closed, 3 s
 * at most. A Netty buffer that was never released fails its class after the last test: only the
 * garbage collector finds it, so the search runs once for each class.
 *
 * <p>It is registered for every test of every module that uses this module's test-jar, by {@code
 * META-INF/services} and {@code junit-platform.properties}: no test asks for it, and none can opt
 * out. {@link Leaves} names what libraries never close.
 *
 * <p>A watch begins before the test's instance is created, so that it includes its fields. What
 * {@code @BeforeAll} opens exists before and after each test; {@code @AfterAll} closes it, or the
 * class fails. Close what a test opens in the test or in {@code @AfterEach}. Tests run one after
 * the other in a JVM; otherwise they would see each other's resources.
 */
public final class NoLeaks
    implements BeforeAllCallback,
        TestInstancePreConstructCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback {

  /** System property that shortens the wait, for tests of this extension. */
  static final String GRACE_MILLIS = "sluice.leaks.grace-millis";

  private static final int USUAL_GRACE_MILLIS = 3_000;
  private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

  /** Called by JUnit, once for all tests. */
  public NoLeaks() {}

  /** The instance belongs to its test, not to the class. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    OpenFiles.openWhatStays();
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    store.put(NettyLeaks.class, new NettyLeaks());
    store.put(context.getUniqueId(), newWatch(context));
  }

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext instance, ExtensionContext context) {
    if (context.getTestInstanceLifecycle().orElse(Lifecycle.PER_METHOD) == Lifecycle.PER_METHOD) {
      beginOnce(context);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    beginOnce(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<String> left = ended(context);
    NettyLeaks netty = context.getStore(NAMESPACE).get(NettyLeaks.class, NettyLeaks.class);
    if (netty != null) {
      left.addAll(netty.take());
    }
    failIfAny(context, left);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    NettyLeaks netty = context.getStore(NAMESPACE).get(NettyLeaks.class, NettyLeaks.class);
    List<String> left = netty == null ? new ArrayList<>() : netty.search();
    left.addAll(ended(context));
    failIfAny(context, left);
  }

  private static void beginOnce(ExtensionContext context) {
    // Each context under its own id, since a store also shows its parents' values.
    context
        .getStore(NAMESPACE)
        .computeIfAbsent(context.getUniqueId(), id -> newWatch(context), LeakWatch.class);
  }

  private static LeakWatch newWatch(ExtensionContext context) {
    int millis =
        context
            .getConfigurationParameter(GRACE_MILLIS, Integer::valueOf)
            .orElse(USUAL_GRACE_MILLIS);
    return new LeakWatch(Duration.ofMillis(millis), tolerated(context));
  }

  private static List<Pattern> tolerated(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), Leaves.class).stream()
        .flatMap(leaves -> Arrays.stream(leaves.value()))
        .map(Pattern::compile)
        .toList();
  }

  private static List<String> ended(ExtensionContext context) {
    @Nullable LeakWatch watch =
        context.getStore(NAMESPACE).remove(context.getUniqueId(), LeakWatch.class);
    return watch == null ? new ArrayList<>() : watch.end();
  }

  private static void failIfAny(ExtensionContext context, List<String> left) {
    if (!left.isEmpty()) {
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
    }
  }
}
