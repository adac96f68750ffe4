package io.sluice.core.testing;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a real Redis: one server a class, emptied before each test. A test, a
 * {@code @BeforeEach} or a constructor takes it as a parameter of type {@link TestRedis}.
 *
 * <pre>{@code
 * @ExtendWith(RedisExtension.class)
 * class HandoverTest {
 *   @Test
 *   void pagesArrive(TestRedis redis) { … }
 * }
 * }</pre>
 */
public final class RedisExtension implements BeforeEachCallback, ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RedisExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    TestRedis redis = redis(context);
    redis.awaitLoaded(); // the test before may just have restarted it
    redis.commands().flushall();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestRedis.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return redis(context);
  }

  /** The class's server; JUnit closes it with the class's store. */
  private static TestRedis redis(ExtensionContext context) {
    ExtensionContext ofClass =
        context.getParent().filter(p -> p.getTestClass().isPresent()).orElse(context);
    return ofClass
        .getStore(NAMESPACE)
        .computeIfAbsent(TestRedis.class, type -> TestRedis.start(), TestRedis.class);
  }
}
