package io.sluice.core.redis;

/**
 * The keys that a pool is opened for. They share a hash tag, so one node of a cluster holds them
 * all.
 */
public interface KeySpace {

  /** The crawl's name, as messages show it. */
  String crawl();

  /**
   * A key among them that never exists: writing nothing to it shows whether Redis accepts writes.
   */
  String probe();
}
