package io.sluice.bench.frontier;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with two column families, each with universal compaction as in URLFrontier. Keys that are
 * looked up have Bloom filters of 10 bits per key; filters and indexes are in the block cache.
 * Cache and memtables are small enough to keep the process near 1 GiB. The write-ahead log is
 * buffered and synced every {@value #SYNC_MILLIS} ms. Thread-safe.
 */
final class RocksStore implements QueueStore {

  private static final int SYNC_MILLIS = 100;
  private static final int FILTER_BITS = 10;
  private static final long CACHE_BYTES = 320L << 20;
  private static final int CACHE_SHARD_BITS = 2;

  /** Memtable memory per column family; one memtable takes a quarter of it. */
  private static final long MEMTABLES_BYTES = 128L << 20;

  private static final long ALL_MEMTABLES_BYTES = 192L << 20;

  private final RocksDB db;
  private final ColumnFamilyHandle known;
  private final ColumnFamilyHandle scheduled;
  private final WriteOptions write = new WriteOptions().setSync(false);
  private final ScheduledExecutorService syncing = Executors.newSingleThreadScheduledExecutor();
  private volatile @Nullable RocksDBException failure;

  private RocksStore(RocksDB db, ColumnFamilyHandle known, ColumnFamilyHandle scheduled) {
    this.db = db;
    this.known = known;
    this.scheduled = scheduled;
    var _ =
        syncing.scheduleWithFixedDelay(
            this::syncInTurn, SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Opens a database, or creates it if it does not exist. Its options live as long as the process.
   */
  static RocksStore open(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    LRUCache cache = new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS);
    ColumnFamilyOptions looked = family(table(cache).setFilterPolicy(new BloomFilter(FILTER_BITS)));
    ColumnFamilyOptions walked = family(table(cache));
    DBOptions options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setDbWriteBufferSize(ALL_MEMTABLES_BYTES)
            .setMaxBackgroundJobs(2)
            .setManualWalFlush(true);
    List<ColumnFamilyDescriptor> families =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, looked),
            new ColumnFamilyDescriptor(bytes("queues"), walked));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB db = RocksDB.open(options, directory.toString(), families, handles);
    return new RocksStore(db, handles.get(0), handles.get(1));
  }

  private static ColumnFamilyOptions family(BlockBasedTableConfig table) {
    return new ColumnFamilyOptions()
        .optimizeUniversalStyleCompaction(MEMTABLES_BYTES)
        .setTableFormatConfig(table);
  }

  /**
   * Partitions indexes and filters: with universal compaction a file contains millions of keys, and
   * a filter for all of them would not fit into one shard of the cache.
   */
  private static BlockBasedTableConfig table(LRUCache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinTopLevelIndexAndFilter(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true);
  }

  @Override
  public boolean add(String knownKey, String scheduledKey, String metadata)
      throws RocksDBException {
    byte[] key = bytes(knownKey);
    if (db.get(known, key) != null) {
      return false;
    }
    byte[] place = bytes(scheduledKey);
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(scheduled, place, bytes(metadata));
      batch.put(known, key, place);
      db.write(write, batch);
    }
    return true;
  }

  @Override
  public List<String> head(String prefix, int max) throws RocksDBException {
    List<String> keys = new ArrayList<>(max);
    try (RocksIterator iterator = db.newIterator(scheduled)) {
      for (iterator.seek(bytes(prefix)); iterator.isValid() && keys.size() < max; iterator.next()) {
        String key = text(iterator.key());
        if (!key.startsWith(prefix)) {
          break;
        }
        keys.add(key);
      }
      iterator.status();
    }
    return keys;
  }

  @Override
  public void done(String knownKey) throws RocksDBException {
    byte[] key = bytes(knownKey);
    byte[] place = db.get(known, key);
    if (place == null) {
      throw new IllegalStateException(knownKey + " is scheduled and not known");
    }
    try (WriteBatch batch = new WriteBatch()) {
      batch.delete(scheduled, place);
      batch.put(known, key, new byte[0]);
      db.write(write, batch);
    }
  }

  @Override
  public void scanScheduled(Consumer<String> keys) throws RocksDBException {
    scan(scheduled, iterator -> keys.accept(text(iterator.key())));
  }

  @Override
  public void scanDone(Consumer<String> keys) throws RocksDBException {
    scan(
        known,
        iterator -> {
          if (iterator.value().length == 0) {
            keys.accept(text(iterator.key()));
          }
        });
  }

  private void scan(ColumnFamilyHandle family, Consumer<RocksIterator> visitor)
      throws RocksDBException {
    try (ReadOptions options = new ReadOptions().setFillCache(false).setReadaheadSize(2 << 20);
        RocksIterator iterator = db.newIterator(family, options)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        visitor.accept(iterator);
      }
      iterator.status();
    }
  }

  private void syncInTurn() {
    try {
      db.flushWal(true);
    } catch (RocksDBException e) {
      failure = e;
    }
  }

  @Override
  public void sync() throws RocksDBException {
    if (failure != null) {
      throw failure;
    }
    db.flushWal(true);
  }

  @Override
  public void close() throws Exception {
    syncing.shutdown();
    if (!syncing.awaitTermination(Waits.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("a sync did not end within " + Waits.LIMIT);
    }
    sync();
    known.close();
    scheduled.close();
    db.closeE();
    write.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
