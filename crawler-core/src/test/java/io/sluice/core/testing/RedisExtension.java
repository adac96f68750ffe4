package io.sluice.core.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a real Redis: one server for each class, emptied before each test, and the
 * test's own connection to it, closed after each test. A test, a {@code @BeforeEach} or a
 * constructor takes it as a parameter of type {@link TestRedis}.
 *
 * <pre>{@code
 * @ExtendWith(RedisExtension.class)
 * class HandoverTest {
 *   @Test
 *   void pagesArrive(TestRedis redis) { … }
 * }
 * }</pre>
 */
public final class RedisExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RedisExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    redis(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    TestRedis redis = redis(context);
    redis.awaitLoaded(); // the previous test may have just restarted it
    redis.commands().flushall();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    redis(context).disconnect();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TestRedis redis = context.getStore(NAMESPACE).remove(TestRedis.class, TestRedis.class);
    if (redis != null) {
      redis.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestRedis.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return redis(context);
  }

  /** The class's server, started before its first test. */
  private static TestRedis redis(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(TestRedis.class, type -> TestRedis.start(), TestRedis.class);
  }
}
