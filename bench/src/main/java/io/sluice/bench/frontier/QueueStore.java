package io.sluice.bench.frontier;

import java.util.List;
import java.util.function.Consumer;

/**
 * Two ordered maps, used as URLFrontier uses them. <em>Known</em> maps {@code host_url} to the key
 * under which the URL is scheduled, or to nothing once it is done. <em>Scheduled</em> maps {@code
 * host_date_url} to the URL's metadata. Thread-safe; no two threads touch the same host.
 */
interface QueueStore {

  /** Adds a URL to both maps atomically; returns false and changes nothing if the URL is known. */
  boolean add(String known, String scheduled, String metadata) throws Exception;

  /** The first {@code max} scheduled keys that begin with a prefix. */
  List<String> head(String prefix, int max) throws Exception;

  /** Looks up a known URL's scheduled key, marks the URL as done and unschedules it, atomically. */
  void done(String known) throws Exception;

  /** Passes each scheduled key to {@code keys}, in order. */
  void scanScheduled(Consumer<String> keys) throws Exception;

  /** Passes the known key of each URL that is done to {@code keys}, in order. */
  void scanDone(Consumer<String> keys) throws Exception;

  /** Makes everything durable. */
  void sync() throws Exception;

  /** Makes everything durable and closes the files. */
  void close() throws Exception;
}
