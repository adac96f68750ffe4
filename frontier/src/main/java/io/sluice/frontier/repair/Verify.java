package io.sluice.frontier.repair;

import io.sluice.frontier.FrontierView;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Checks each of a frontier's files from end to end, and whether they are consistent. Stateless.
 */
public final class Verify {

  /**
   * The result.
   *
   * @param urls URLs checked that have not ended
   * @param files number of files read
   */
  public record Result(long urls, int files, int problems) {}

  private Verify() {}

  /**
   * Checks all shards, one after the other.
   *
   * @param problems receives each problem, in one line
   */
  public static Result frontier(FrontierView frontier, Consumer<String> problems)
      throws IOException {
    long urls = 0;
    int files = 1; // the identity file
    int found = 0;
    for (int number = 0; number < frontier.shards(); number++) {
      ShardCheck.Result shard =
          ShardCheck.check(frontier.files(number), frontier.fingerprints(), frontier::shardOf);
      shard.problems().forEach(problems);
      urls += shard.urls();
      files += shard.files();
      found += shard.problems().size();
    }
    return new Result(urls, files, found);
  }
}
