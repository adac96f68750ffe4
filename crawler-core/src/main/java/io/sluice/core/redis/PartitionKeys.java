package io.sluice.core.redis;

import java.nio.charset.StandardCharsets;

/**
 * The Redis keys of one partition; they share a hash tag, so that one script may use them all on a
 * cluster. Immutable.
 *
 * @param partition the partition's number, from 0
 */
public record PartitionKeys(int partition) {

  /** The consumer group that all parsers join. */
  public static final String GROUP = "parsers";

  public PartitionKeys {
    if (partition < 0) {
      throw new IllegalArgumentException("no partition: " + partition);
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

  /** A random word that is new whenever Redis lost its data. */
  public String epoch() {
    return key("epoch");
  }

  /** The last incarnation of the fetcher process, a number that only grows. */
  public String incarnation() {
    return key("incarnation");
  }

  /** A hash from page to how often it was in flight alone when its worker died. */
  public String strikes() {
    return key("strikes");
  }

  /** The stream of pages that were given up, each with its reason. */
  public String dead() {
    return key("dead");
  }

  private String key(String name) {
    return "{p" + partition + "}:" + name;
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
