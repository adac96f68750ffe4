package io.sluice.bench.frontier;

import java.util.List;
import java.util.function.Consumer;

/**
 * Two ordered maps as URLFrontier uses them. <em>Known</em>: {@code host_url} to the key under
 * which the URL is scheduled, or to nothing once it is done. <em>Scheduled</em>: {@code
 * host_date_url} to what is known of the URL. Thread-safe; no two threads touch the same host.
 */
interface QueueStore {

  /** Puts a URL into both maps in one step; false, and nothing is changed, if it is known. */
  boolean add(String known, String scheduled, String metadata) throws Exception;

  /** The first keys scheduled that begin with a prefix. */
  List<String> head(String prefix, int max) throws Exception;

  /** Takes a known URL from those scheduled, in one step; its key there is looked up. */
  void done(String known) throws Exception;

  /** Shows each key that is scheduled, in order. */
  void scanScheduled(Consumer<String> keys) throws Exception;

  /** Shows each known key whose URL is done, in order. */
  void scanDone(Consumer<String> keys) throws Exception;

  /** Makes everything durable. */
  void sync() throws Exception;

  /** Makes everything durable and closes the files. */
  void close() throws Exception;
}
