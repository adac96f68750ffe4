package io.sluice.core.testing;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A ledger for tests. An entry that a test leaves open fails the test: {@link NoLeaks} checks the
 * entries of all ledgers, so they share a list. Thread-safe: concurrent collections.
 */
public final class TestLedger implements Ledger {

  /** Shared, since JUnit creates the ledgers and the extension separately. */
  private static final Set<Entry> OPEN_EVERYWHERE = ConcurrentHashMap.newKeySet();

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  @Override
  public Entry enter(ResourceKind kind, String owner, int descriptor) {
    return enter(new OpenEntry(kind, owner, descriptor, null));
  }

  @Override
  public Entry enter(ResourceKind kind, String owner, Path path) {
    return enter(new OpenEntry(kind, owner, NO_DESCRIPTOR, path));
  }

  private OpenEntry enter(OpenEntry entry) {
    entries.add(entry);
    OPEN_EVERYWHERE.add(entry);
    return entry;
  }

  /** The open entries of all ledgers of this JVM's tests. */
  static Set<Entry> openEverywhere() {
    return Set.copyOf(OPEN_EVERYWHERE);
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

  private final class OpenEntry implements Entry {
    private final ResourceKind kind;
    private final String owner;
    private final int descriptor;
    private final @Nullable Path path;

    OpenEntry(ResourceKind kind, String owner, int descriptor, @Nullable Path path) {
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
      OPEN_EVERYWHERE.remove(this);
    }

    @Override
    public String toString() {
      return kind.word() + " of " + owner + (path == null ? "" : ", " + path);
    }
  }
}
