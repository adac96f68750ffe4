package io.sluice.core.resource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The process's ledger, kept in memory. Its size is bounded by the number of resources that are
 * open. An entry costs one map node and no lock. Thread-safe: a concurrent map.
 */
public final class ResourceLedger implements Ledger {

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentSkipListMap<Long, OpenEntry> open = new ConcurrentSkipListMap<>();

  /** An empty ledger. */
  public ResourceLedger() {}

  @Override
  public Entry enter(ResourceKind kind, String owner, int descriptor) {
    return enter(new OpenEntry(numbers.incrementAndGet(), kind, owner, descriptor, null));
  }

  @Override
  public Entry enter(ResourceKind kind, String owner, Path path) {
    return enter(new OpenEntry(numbers.incrementAndGet(), kind, owner, NO_DESCRIPTOR, path));
  }

  private OpenEntry enter(OpenEntry entry) {
    open.put(entry.number, entry);
    return entry;
  }

  @Override
  public Map<ResourceKind, Integer> open() {
    Map<ResourceKind, Integer> counts = new EnumMap<>(ResourceKind.class);
    for (OpenEntry entry : open.values()) {
      counts.merge(entry.kind, 1, Integer::sum);
    }
    return Collections.unmodifiableMap(counts);
  }

  @Override
  public List<Entry> entries() {
    return Collections.unmodifiableList(new ArrayList<>(open.values()));
  }

  private final class OpenEntry implements Entry {
    private final long number;
    private final ResourceKind kind;
    private final String owner;
    private final int descriptor;
    private final @Nullable Path path;

    OpenEntry(long number, ResourceKind kind, String owner, int descriptor, @Nullable Path path) {
      this.number = number;
      this.kind = kind;
      this.owner = owner;
      this.descriptor = descriptor;
      this.path = path;
    }

    @Override
    public ResourceKind kind() {
      return kind;
    }

    @Override
    public String owner() {
      return owner;
    }

    @Override
    public int descriptor() {
      return descriptor;
    }

    @Override
    public @Nullable Path path() {
      return path;
    }

    @Override
    public void close() {
      open.remove(number);
    }

    @Override
    public String toString() {
      String what = descriptor == NO_DESCRIPTOR ? "" : ", descriptor " + descriptor;
      return kind.word() + " of " + owner + (path == null ? what : ", " + path);
    }
  }
}
