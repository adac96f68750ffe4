package io.sluice.core.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which an appender publishes. It bears the publisher's name at the server, and
 * it is there only when the server has done with the one before it, which may still have had
 * commands to carry out.
 *
 * <p>Confined to the pool's I/O thread. Who has it discards its lease.
 */
final class PublishingLink {

  final LeasedConnection lease;
  private final Mark mark;

  /**
   * A connection as the server knows it.
   *
   * @param clientId its number there
   * @param runId which life of the server that was; another one knows nothing of the number
   */
  record Mark(long clientId, String runId) {}

  private PublishingLink(LeasedConnection lease, Mark mark) {
    this.lease = lease;
    this.mark = mark;
  }

  /**
   * Leases a connection, names it, and ends the former one at the server.
   *
   * @param name the publisher's name
   * @param former the connection before; null for the first
   * @return completes on the I/O thread; fails when Redis does not answer within the command
   *     timeout, and keeps no lease then
   */
  static CompletionStage<PublishingLink> open(RedisPool pool, byte[] name, @Nullable Mark former) {
    return pool.leaseAsync("page-appender", Keeping.FOR_LIFE)
        .thenCompose(lease -> prepare(lease, pool, name, former));
  }

  private static CompletionStage<PublishingLink> prepare(
      LeasedConnection lease, RedisPool pool, byte[] name, @Nullable Mark former) {
    RedisAsyncCommands<byte[], byte[]> commands = lease.commands();
    CompletableFuture<PublishingLink> prepared =
        commands
            .clientSetname(name)
            .thenCombine(commands.clientId(), (ok, id) -> id)
            .thenCombine(
                commands.info("server"),
                (id, info) -> new Mark(id, ServerCheck.fields(info).getOrDefault("run_id", "")))
            .thenCompose(mark -> endFormer(commands, former, mark))
            .thenApply(mark -> new PublishingLink(lease, mark))
            .toCompletableFuture()
            .orTimeout(pool.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
    return prepared.whenCompleteAsync(
        (opened, failure) -> {
          if (failure != null) {
            lease.discard();
          }
        },
        pool.loop());
  }

  private static CompletionStage<Mark> endFormer(
      RedisAsyncCommands<byte[], byte[]> commands, @Nullable Mark former, Mark opened) {
    if (former == null || !former.runId().equals(opened.runId())) {
      return CompletableFuture.completedFuture(opened);
    }
    return commands.clientKill(KillArgs.Builder.id(former.clientId())).thenApply(killed -> opened);
  }

  Mark mark() {
    return mark;
  }
}
