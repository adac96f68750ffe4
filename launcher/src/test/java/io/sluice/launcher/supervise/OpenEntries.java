package io.sluice.launcher.supervise;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

final class OpenEntries implements Ledger {
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  @Override
  public Entry enter(ResourceKind kind, String owner, int descriptor) {
    Entry entry =
        new Entry() {
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
          public void close() {
            entries.remove(this);
          }
        };
    entries.add(entry);
    return entry;
  }

  @Override
  public Map<ResourceKind, Integer> open() {
    Map<ResourceKind, Integer> open = new EnumMap<>(ResourceKind.class);
    entries.forEach(e -> open.merge(e.kind(), 1, Integer::sum));
    return open;
  }

  @Override
  public List<Entry> entries() {
    return List.copyOf(entries);
  }
}
