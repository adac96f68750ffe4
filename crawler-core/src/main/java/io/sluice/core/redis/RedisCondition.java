package io.sluice.core.redis;

/**
 * The condition of Redis, as far as it concerns a crawl. The crawl runs only while Redis is {@link
 * Well}; otherwise it waits, and resumes by itself. Immutable.
 */
public sealed interface RedisCondition {

  /**
   * The reason for people: one line of bounded length, with the remedy if there is one; empty when
   * well.
   */
  String reason();

  /** Redis answers and accepts writes. */
  record Well() implements RedisCondition {
    @Override
    public String reason() {
      return "";
    }
  }

  /**
   * Redis cannot be reached, or does not answer.
   *
   * @param reason which of the two
   */
  record Away(String reason) implements RedisCondition {}

  /** Redis was started a moment ago and is still loading its data. */
  record Loading() implements RedisCondition {
    @Override
    public String reason() {
      return "Redis is loading its data";
    }
  }

  /** Redis's memory is used up. Parsers can still commit, which frees some. */
  record Full() implements RedisCondition {
    @Override
    public String reason() {
      return "Redis is full: raise maxmemory, or let the parsers catch up";
    }
  }

  /**
   * Redis was made a replica of another server.
   *
   * @param address the server's address, as users know it
   * @param primary the address of the server that it replicates, fit for a log
   */
  record ReadOnly(String address, String primary) implements RedisCondition {
    @Override
    public String reason() {
      return "Redis at %s is now a read-only replica of %s: make it a primary again, or name its primary in redis.uri"
          .formatted(address, primary);
    }
  }

  /**
   * Redis is a node of a cluster and no longer keeps the crawl's keys.
   *
   * @param address the server's address, as users know it
   * @param keeper the address of the node that keeps them, fit for a log
   */
  record Elsewhere(String address, String keeper) implements RedisCondition {
    @Override
    public String reason() {
      return "Redis at %s no longer keeps the crawl's keys; %s does: name that one in redis.uri"
          .formatted(address, keeper);
    }
  }

  /**
   * Redis may evict pages when it is full, so none are sent to it.
   *
   * @param policy the server's maxmemory-policy, fit for a log
   */
  record Evicting(String policy) implements RedisCondition {
    @Override
    public String reason() {
      return "Redis evicts data when it is full (maxmemory-policy "
          + policy
          + "): set maxmemory-policy noeviction";
    }
  }

  /**
   * Redis refuses writes for another reason, such as a full disk.
   *
   * @param answer the error that Redis answers, fit for a log
   */
  record Refusing(String answer) implements RedisCondition {
    @Override
    public String reason() {
      return "Redis refuses writes: " + answer;
    }
  }
}
