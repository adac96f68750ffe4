package io.sluice.core.resource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The book of open resources: what is opened is entered with kind and owner, what is closed is
 * struck. An entry claims a descriptor: by its number, or by the path of the file that it leads to;
 * two descriptors on one path need two entries. So enter a file before it is opened and strike it
 * after it is closed, and let no file be renamed while it is open.
 *
 * <p>Thread-safe: entries may be made and struck on any thread.
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

  /**
   * Enters a file that is about to be opened, or a directory.
   *
   * @param path where it is
   */
  Entry enter(ResourceKind kind, String owner, Path path);

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

    /** The path of the file; null of what is no file. */
    @Nullable Path path();

    /** Strikes the entry; a second call does nothing. */
    @Override
    void close();
  }
}
