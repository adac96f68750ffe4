package io.sluice.core.stream;

import io.sluice.core.redis.KeySpace;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The Redis keys of one partition of one crawl. They share a hash tag, so that one script may use
 * them all on a cluster; the tag carries the crawl's name, so that crawls of different names can
 * share a Redis server. Immutable.
 *
 * @param crawl the crawl's name, {@code crawl.name}
 * @param partition the partition's number, from 0
 */
public record PartitionKeys(String crawl, int partition) implements KeySpace {

  /** The consumer group that all parsers join. */
  public static final String GROUP = "parsers";

  /**
   * The form of a crawl's name, which excludes every character that has a meaning in a hash tag or
   * a pattern.
   */
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

  public PartitionKeys {
    if (partition < 0 || !NAME.matcher(crawl).matches()) {
      throw new IllegalArgumentException("not a partition: " + crawl + ", " + partition);
    }
  }

  /** The stream of pages on their way to parsers. */
  public String pages() {
    return key("pages");
  }

  /** The stream of outcomes on their way back. */
  public String outcomes() {
    return key("outcomes");
  }

  /** A hash from output slot to the files and offsets up to which its output is committed. */
  public String outputs() {
    return key("outputs");
  }

  /** A random word, replaced whenever Redis lost its data. */
  public String epoch() {
    return key("epoch");
  }

  /** A hash that records which crawl owns the partition: {@link PartitionOwner}. */
  public String owner() {
    return key("owner");
  }

  /**
   * A hash from a parsers' node to the word that distinguishes its holder from others with the same
   * name.
   */
  public String nodes() {
    return key("nodes");
  }

  /** A hash from page to the number of times that a worker died with only that page in flight. */
  public String strikes() {
    return key("strikes");
  }

  /** The stream of pages that were given up, each with its reason. */
  public String dead() {
    return key("dead");
  }

  @Override
  public String probe() {
    return key("probe");
  }

  /** Crawl and partition in one word: the hash tag, {@code docs.p0}. */
  public String tag() {
    return crawl + ".p" + partition;
  }

  private String key(String name) {
    return "{" + tag() + "}:" + name;
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
