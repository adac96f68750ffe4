package io.sluice.core.resource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The list of open resources: what is opened is entered with its kind and owner, and struck when it
 * is closed. An entry claims a descriptor: by its number, or by the path of the file that it leads
 * to; two descriptors on one path need two entries. So enter a file before it is opened, strike it
 * after it is closed, and do not rename a file while it is open.
 *
 * <p>Thread-safe: entries may be created and struck on any thread.
 */
public interface Ledger {

  /** An entry without a descriptor of its own (a thread, a process, a timer). */
  int NO_DESCRIPTOR = -1;

  /**
   * Enters a resource.
   *
   * @param owner the part that owns it: a short, fixed word such as {@code fetcher.http}
   * @param descriptor its file descriptor number, or {@link #NO_DESCRIPTOR} if it has none or Java
   *     does not expose it
   */
  Entry enter(ResourceKind kind, String owner, int descriptor);

  /** Enters a file that is about to be opened, or a directory. */
  Entry enter(ResourceKind kind, String owner, Path path);

  /** Enters a resource whose descriptor is not known. */
  default Entry enter(ResourceKind kind, String owner) {
    return enter(kind, owner, NO_DESCRIPTOR);
  }

  /** How many entries are open, by kind; kinds without one are absent. */
  Map<ResourceKind, Integer> open();

  /** The open entries, in the order of their creation. */
  List<Entry> entries();

  /** One open resource. */
  interface Entry extends AutoCloseable {
    ResourceKind kind();

    String owner();

    int descriptor();

    /** The path of the file; null if it is not a file. */
    @Nullable Path path();

    /** Strikes the entry. Idempotent. */
    @Override
    void close();
  }
}
