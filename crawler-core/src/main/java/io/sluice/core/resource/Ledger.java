package io.sluice.core.resource;

import java.util.List;
import java.util.Map;

/**
 * The book of open resources: what is opened is entered with kind and owner, what is closed is
 * struck. Thread-safe: entries may be made and struck on any thread.
 */
public interface Ledger {

  /** An entry without a descriptor of its own (a thread, a process, a timer). */
  int NO_DESCRIPTOR = -1;

  /**
   * Enters a resource.
   *
   * @param kind what it is
   * @param owner which part owns it: a short, fixed word such as {@code fetcher.http}
   * @param descriptor its file descriptor number, or {@link #NO_DESCRIPTOR} where it has none or
   *     Java does not tell
   */
  Entry enter(ResourceKind kind, String owner, int descriptor);

  /** Enters a resource whose descriptor is not known. */
  default Entry enter(ResourceKind kind, String owner) {
    return enter(kind, owner, NO_DESCRIPTOR);
  }

  /** How many entries are open, by kind; kinds without one are absent. */
  Map<ResourceKind, Integer> open();

  /** The open entries, in the order of their making. */
  List<Entry> entries();

  /** One open resource. */
  interface Entry extends AutoCloseable {
    ResourceKind kind();

    String owner();

    int descriptor();

    /** Strikes the entry; a second call does nothing. */
    @Override
    void close();
  }
}
