package io.sluice.frontier;

import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Visit;
import io.sluice.frontier.shard.Message;
import io.sluice.frontier.shard.ShardThread;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the shard that a host belongs to whether a lease of another host may visit it. Thread-safe:
 * each call is a message to that shard.
 *
 * @param shards borrowed
 */
record ShardedHosts(List<ShardThread> shards, Router router) implements HostDesk {

  @Override
  public CompletionStage<Answer> ask(LeaseId lease, String host) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    shard(host).send(new Message.AskHost(lease, host, answer));
    return answer.minimalCompletionStage();
  }

  @Override
  public void asked(LeaseId lease, String host, Visit visit) {
    shard(host).send(new Message.HostAsked(lease, visit));
  }

  private ShardThread shard(String host) {
    return shards.get(router.shardOf(host));
  }
}
