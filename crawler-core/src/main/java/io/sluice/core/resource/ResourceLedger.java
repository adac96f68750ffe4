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
 * The process's ledger, kept in memory. It holds what its writers hold open, so its bound is
 * theirs. An entry costs one map node and no lock. Thread-safe: a concurrent map.
 */
public final class ResourceLedger implements Ledger {

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentSkipListMap<Long, Line> lines = new ConcurrentSkipListMap<>();

  /** An empty ledger. */
  public ResourceLedger() {}

  @Override
  public Entry enter(ResourceKind kind, String owner, int descriptor) {
    return enter(new Line(numbers.incrementAndGet(), kind, owner, descriptor, null));
  }

  @Override
  public Entry enter(ResourceKind kind, String owner, Path path) {
    return enter(new Line(numbers.incrementAndGet(), kind, owner, NO_DESCRIPTOR, path));
  }

  private Line enter(Line line) {
    lines.put(line.number, line);
    return line;
  }

  @Override
  public Map<ResourceKind, Integer> open() {
    Map<ResourceKind, Integer> open = new EnumMap<>(ResourceKind.class);
    for (Line line : lines.values()) {
      open.merge(line.kind, 1, Integer::sum);
    }
    return Collections.unmodifiableMap(open);
  }

  @Override
  public List<Entry> entries() {
    return Collections.unmodifiableList(new ArrayList<>(lines.values()));
  }

  private final class Line implements Entry {
    private final long number;
    private final ResourceKind kind;
    private final String owner;
    private final int descriptor;
    private final @Nullable Path path;

    Line(long number, ResourceKind kind, String owner, int descriptor, @Nullable Path path) {
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
      lines.remove(number);
    }

    @Override
    public String toString() {
      String what = descriptor == NO_DESCRIPTOR ? "" : ", descriptor " + descriptor;
      return kind.word() + " of " + owner + (path == null ? what : ", " + path);
    }
  }
}
