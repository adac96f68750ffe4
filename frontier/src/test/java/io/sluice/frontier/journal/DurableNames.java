package io.sluice.frontier.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The names of files, and which of them survive a power failure. Confined to its disk.
 *
 * @param <F> a file
 */
final class DurableNames<F> {

  private sealed interface Change {
    Path directory();
  }

  private record Bound(Path name, Object file) implements Change {
    @Override
    public Path directory() {
      return parent(name);
    }
  }

  private record Unbound(Path name) implements Change {
    @Override
    public Path directory() {
      return parent(name);
    }
  }

  private record Renamed(Path from, Path to) implements Change {
    @Override
    public Path directory() {
      return parent(to);
    }
  }

  private final Map<Path, F> seen = new HashMap<>();
  private final Map<Path, F> certain = new HashMap<>();
  private final List<Change> pending = new ArrayList<>();

  /** The file with the given name, as the process sees it. */
  @Nullable F get(Path name) {
    return seen.get(name);
  }

  /** All names, as the process sees them; a copy. */
  Map<Path, F> all() {
    return Map.copyOf(seen);
  }

  /** Adds a file that existed before and whose name is durable. */
  void found(Path name, F file) {
    seen.put(name, file);
    certain.put(name, file);
  }

  void bind(Path name, F file) {
    seen.put(name, file);
    pending.add(new Bound(name, file));
  }

  void unbind(Path name) {
    if (seen.remove(name) != null) {
      pending.add(new Unbound(name));
    }
  }

  void rename(Path from, Path to) {
    Change change = new Renamed(from, to);
    apply(change, seen);
    pending.add(change);
  }

  /** Records that the names in a directory are durable. */
  void synced(Path directory) {
    for (Iterator<Change> changes = pending.iterator(); changes.hasNext(); ) {
      Change change = changes.next();
      if (change.directory().equals(directory)) {
        apply(change, certain);
        changes.remove();
      }
    }
  }

  /** Undoes some of the changes that are not durable; the remaining names are durable. */
  Map<Path, F> failPower(Random random) {
    pending.stream().filter(_ -> random.nextBoolean()).forEach(change -> apply(change, certain));
    pending.clear();
    seen.clear();
    seen.putAll(certain);
    return all();
  }

  @SuppressWarnings("unchecked") // the value bound to a name is an F
  private void apply(Change change, Map<Path, F> names) {
    switch (change) {
      case Bound(Path name, Object file) -> names.put(name, (F) file);
      case Unbound(Path name) -> names.remove(name);
      case Renamed(Path from, Path to) -> {
        F file = names.remove(from);
        if (file != null) {
          names.put(to, file);
        }
      }
    }
  }

  private static Path parent(Path name) {
    Path parent = name.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(name + " is in no directory");
    }
    return parent;
  }
}
