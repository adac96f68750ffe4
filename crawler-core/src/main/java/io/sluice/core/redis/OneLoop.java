package io.sluice.core.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Gives the client library an event loop group that it does not own: releasing it does nothing.
 * Immutable.
 */
final class OneLoop implements EventLoopGroupProvider {

  private final MultiThreadIoEventLoopGroup group;

  OneLoop(MultiThreadIoEventLoopGroup group) {
    this.group = group;
  }

  @Override
  @SuppressWarnings("unchecked") // the library requests the transport's own type
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) group;
  }

  @Override
  public int threadPoolSize() {
    return 1;
  }

  @Override
  public Future<Boolean> release(
      EventExecutorGroup released, long quietPeriod, long timeout, TimeUnit unit) {
    return group.next().newSucceededFuture(true);
  }

  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return group.next().newSucceededFuture(true);
  }
}
