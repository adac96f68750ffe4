package io.sluice.core.testing;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A ledger for tests that do not watch descriptors. Thread-safe. */
public final class TestLedger implements Ledger {

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  @Override
  public Entry enter(ResourceKind kind, String owner, int descriptor) {
    return enter(new Line(kind, owner, descriptor, null));
  }

  @Override
  public Entry enter(ResourceKind kind, String owner, Path path) {
    return enter(new Line(kind, owner, NO_DESCRIPTOR, path));
  }

  private Line enter(Line entry) {
    entries.add(entry);
    return entry;
  }

  @Override
  public Map<ResourceKind, Integer> open() {
    Map<ResourceKind, Integer> open = new EnumMap<>(ResourceKind.class);
    entries.forEach(entry -> open.merge(entry.kind(), 1, Integer::sum));
    return open;
  }

  @Override
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  private final class Line implements Entry {
    private final ResourceKind kind;
    private final String owner;
    private final int descriptor;
    private final @Nullable Path path;

    Line(ResourceKind kind, String owner, int descriptor, @Nullable Path path) {
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
      entries.remove(this);
    }

    @Override
    public String toString() {
      return kind.word() + " of " + owner + (path == null ? "" : ", " + path);
    }
  }
}
