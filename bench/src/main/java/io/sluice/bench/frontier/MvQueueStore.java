package io.sluice.bench.frontier;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;

/**
 * H2's MVStore with the two maps of a {@link QueueStore}; a thread of the MVStore commits every 100
 * ms. Writes to two maps are not atomic here: a crash can separate a pair of writes only if the
 * store commits between them. Thread-safe.
 */
final class MvQueueStore implements QueueStore {

  private static final int COMMIT_MILLIS = 100;
  private static final int CACHE_MEBIBYTES = 256;

  private final MVStore store;
  private final MVMap<String, String> known;
  private final MVMap<String, String> scheduled;

  private MvQueueStore(MVStore store) {
    this.store = store;
    this.known = store.openMap("known", texts());
    this.scheduled = store.openMap("scheduled", texts());
  }

  private static MVMap.Builder<String, String> texts() {
    return new MVMap.Builder<String, String>()
        .keyType(StringDataType.INSTANCE)
        .valueType(StringDataType.INSTANCE);
  }

  /** Opens a store, or creates it if it does not exist. */
  static MvQueueStore open(Path directory) {
    MVStore store =
        new MVStore.Builder()
            .fileName(directory.resolve("frontier.mv").toString())
            .cacheSize(CACHE_MEBIBYTES)
            .open();
    store.setAutoCommitDelay(COMMIT_MILLIS);
    return new MvQueueStore(store);
  }

  @Override
  public boolean add(String knownKey, String scheduledKey, String metadata) {
    if (known.putIfAbsent(knownKey, scheduledKey) != null) {
      return false;
    }
    scheduled.put(scheduledKey, metadata);
    return true;
  }

  @Override
  public List<String> head(String prefix, int max) {
    List<String> keys = new ArrayList<>(max);
    Iterator<String> from = scheduled.keyIterator(prefix);
    while (keys.size() < max && from.hasNext()) {
      String key = from.next();
      if (!key.startsWith(prefix)) {
        break;
      }
      keys.add(key);
    }
    return keys;
  }

  @Override
  public void done(String knownKey) {
    String place = known.put(knownKey, "");
    if (place == null) {
      throw new IllegalStateException(knownKey + " is scheduled and not known");
    }
    scheduled.remove(place);
  }

  @Override
  public void scanScheduled(Consumer<String> keys) {
    scheduled.keyIterator(null).forEachRemaining(keys);
  }

  @Override
  public void scanDone(Consumer<String> keys) {
    Cursor<String, String> entries = known.cursor(null);
    while (entries.hasNext()) {
      String key = entries.next();
      if (entries.getValue().isEmpty()) {
        keys.accept(key);
      }
    }
  }

  @Override
  public void sync() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    sync();
    store.close();
  }
}
