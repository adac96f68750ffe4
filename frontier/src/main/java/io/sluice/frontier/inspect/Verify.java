package io.sluice.frontier.inspect;

import io.sluice.frontier.FrontierView;
import io.sluice.frontier.shard.ShardCheck;
import java.io.IOException;
import java.util.function.Consumer;

/** Checks a frontier's files, each from end to end, and whether they agree. Stateless. */
public final class Verify {

  /**
   * What came of it.
   *
   * @param urls URLs looked at that have not ended
   * @param files files read
   */
  public record Result(long urls, int files, int problems) {}

  private Verify() {}

  /**
   * Checks all shards, one after the other.
   *
   * @param problems is told each problem, in one line
   */
  public static Result frontier(FrontierView frontier, Consumer<String> problems)
      throws IOException {
    long urls = 0;
    int files = 1; // the identity, which was read
    int found = 0;
    for (int number = 0; number < frontier.shards(); number++) {
      ShardCheck.Result shard =
          ShardCheck.check(frontier.place(number), frontier.fingerprints(), frontier::shardOf);
      shard.problems().forEach(problems);
      urls += shard.urls();
      files += shard.files();
      found += shard.problems().size();
    }
    return new Result(urls, files, found);
  }
}
