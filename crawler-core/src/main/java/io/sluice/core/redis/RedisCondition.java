package io.sluice.core.redis;

/**
 * How Redis fares, as far as a crawl is concerned. Only when it is {@link Well} does the crawl go
 * on; else it waits, and goes on by itself. Immutable.
 */
public sealed interface RedisCondition {

  /** For people: one line, bounded, with the remedy where somebody can act; empty when well. */
  String reason();

  /** It answers and takes writes. */
  record Well() implements RedisCondition {
    @Override
    public String reason() {
      return "";
    }
  }

  /**
   * It cannot be reached, or does not answer.
   *
   * @param reason which of them
   */
  record Away(String reason) implements RedisCondition {}

  /** It was started a moment ago and reads its data. */
  record Loading() implements RedisCondition {
    @Override
    public String reason() {
      return "Redis is loading its data";
    }
  }

  /** Its memory is used up. Parsers can still commit, which frees some. */
  record Full() implements RedisCondition {
    @Override
    public String reason() {
      return "Redis is full: raise maxmemory, or let the parsers catch up";
    }
  }

  /** It was made a replica of another. */
  record ReadOnly() implements RedisCondition {
    @Override
    public String reason() {
      return "Redis is a read-only replica now: make it a primary again";
    }
  }

  /**
   * It may throw pages away when it is full, so none are sent to it.
   *
   * @param policy its maxmemory-policy
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
   * It refuses writes for another reason, such as a full disk.
   *
   * @param answer what it says, fit for a log
   */
  record Refusing(String answer) implements RedisCondition {
    @Override
    public String reason() {
      return "Redis refuses writes: " + answer;
    }
  }
}
