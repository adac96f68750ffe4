package io.sluice.core.stream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.sluice.core.redis.ExclusiveConnection;
import io.sluice.core.redis.Keeping;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.ServerInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which an appender publishes. It has the publisher's name at the server, and it
 * exists only once the server has finished with the previous one, which may still have had commands
 * to execute.
 *
 * <p>Confined to the pool's I/O thread. Its owner closes {@link #connection}.
 */
final class PublishingLink {

  final ExclusiveConnection connection;
  private final Mark mark;

  /**
   * A connection as the server knows it.
   *
   * @param clientId the connection's number at the server
   * @param runId the server process, which alone knows that number
   */
  record Mark(long clientId, String runId) {}

  private PublishingLink(ExclusiveConnection connection, Mark mark) {
    this.connection = connection;
    this.mark = mark;
  }

  /**
   * Takes a connection, names it, ends the previous one at the server, and checks that the
   * partition still belongs to this process.
   *
   * @param ownership checks that the partition still belongs to this process
   * @param name the name that the connection gets, see {@link Clients#publisher}
   * @param former the previous connection; null for the first
   * @return a stage that completes on the I/O thread; it fails if Redis does not answer within the
   *     command timeout, without keeping a connection
   */
  static CompletionStage<PublishingLink> open(
      RedisPool pool, Ownership ownership, byte[] name, @Nullable Mark former) {
    return pool.exclusiveAsync("page-appender", Keeping.FOR_LIFE)
        .thenCompose(connection -> prepare(connection, pool, ownership, name, former));
  }

  private static CompletionStage<PublishingLink> prepare(
      ExclusiveConnection connection,
      RedisPool pool,
      Ownership ownership,
      byte[] name,
      @Nullable Mark former) {
    RedisAsyncCommands<byte[], byte[]> commands = connection.commands();
    CompletableFuture<PublishingLink> prepared =
        commands
            .clientSetname(name)
            .thenCombine(commands.clientId(), (ok, id) -> id)
            .thenCombine(
                commands.info("server"),
                (id, info) -> new Mark(id, ServerInfo.fields(info).getOrDefault("run_id", "")))
            .thenCompose(mark -> endFormer(commands, former, mark))
            .thenCombine(ownership.holds(commands), (mark, holds) -> mark)
            .thenApply(mark -> new PublishingLink(connection, mark))
            .toCompletableFuture()
            .orTimeout(pool.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
    return prepared.whenCompleteAsync(
        (opened, failure) -> {
          if (failure != null) {
            connection.discard();
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
