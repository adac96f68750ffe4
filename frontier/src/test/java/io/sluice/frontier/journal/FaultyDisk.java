package io.sluice.frontier.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A disk that counts its operations, any of which can be made to fail. It determines, independently
 * of its user, what survives a power failure: a file's bytes and a directory's names as of their
 * last sync; and of later changes all, a part, nothing or garbage. An operation that fails may have
 * had its effect, or a part of it. Real files are never synced. Thread-safe: one monitor.
 */
public final class FaultyDisk implements Disk {

  private static final long NEVER = Long.MAX_VALUE;

  private final Random random;
  private final DurableNames<DurableBytes> names = new DurableNames<>();
  private final Map<FileChannel, DurableBytes> channels = new HashMap<>();
  private final Map<DurableBytes, byte[]> unlinked = new HashMap<>();
  private final Set<FileChannel> broken = new HashSet<>();
  private final List<String> retried = new ArrayList<>();
  private long operations;
  private long failAt = NEVER;
  private boolean forEver;
  private String message = "";
  private boolean writesOnly;
  private boolean failed;

  public FaultyDisk(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Makes an operation fail.
   *
   * @param operation its number, counted from now on, starting with 1
   * @param andAllLater whether everything after it fails, too
   */
  public synchronized void failAt(long operation, boolean andAllLater, String withMessage) {
    operations = 0;
    failAt = operation;
    forEver = andAllLater;
    message = withMessage;
    writesOnly = false;
    failed = false;
  }

  /** Makes a write and all later ones fail; other operations work and are not counted. */
  public synchronized void failWritesFrom(long write, String withMessage) {
    failAt(write, true, withMessage);
    writesOnly = true;
  }

  /** Lets every operation succeed from now on. */
  public synchronized void heal() {
    failAt = NEVER;
    broken.clear();
  }

  /** Whether an operation failed since {@link #failAt}. */
  public synchronized boolean failed() {
    return failed;
  }

  /** Operations since the last {@link #failAt}. */
  public synchronized long operations() {
    return operations;
  }

  /** Uses of a file after a write or sync of it failed; must be empty. */
  public synchronized List<String> retried() {
    return List.copyOf(retried);
  }

  @Override
  public synchronized FileChannel create(Path file) throws IOException {
    boolean fails = count("create");
    refuse(fails && random.nextBoolean());
    keepUnlinked(file);
    names.unbind(file);
    FileChannel channel = Disk.super.create(file);
    DurableBytes bytes = new DurableBytes(new byte[0]);
    names.bind(file, bytes);
    channels.put(channel, bytes);
    if (fails) {
      channel.close();
    }
    refuse(fails);
    return channel;
  }

  @Override
  public synchronized FileChannel open(Path file) throws IOException {
    refuse(count("open"));
    DurableBytes bytes = known(file);
    FileChannel channel = Disk.super.open(file);
    channels.put(channel, bytes);
    return channel;
  }

  @Override
  public synchronized void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    boolean fails = count(channel, "write");
    of(channel).written(channel.position());
    if (fails) {
      bytes.limit(bytes.position() + random.nextInt(bytes.remaining() + 1));
    }
    Disk.super.write(channel, bytes);
    refuse(fails);
  }

  @Override
  public synchronized void sync(FileChannel channel) throws IOException {
    boolean fails = count(channel, "sync");
    if (fails) {
      of(channel).doubt();
    } else {
      of(channel).synced(channel);
    }
    refuse(fails);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    boolean fails = count("rename");
    refuse(fails && random.nextBoolean());
    keepUnlinked(to);
    known(from);
    Disk.super.rename(from, to);
    names.rename(from, to);
    refuse(fails);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    boolean fails = count("delete");
    refuse(fails && random.nextBoolean());
    keepUnlinked(file);
    Disk.super.delete(file);
    names.unbind(file);
    refuse(fails);
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    boolean fails = count("sync of a directory");
    refuse(fails && random.nextBoolean());
    names.synced(directory);
    refuse(fails);
  }

  /**
   * Simulates the end of the process: if a sync failed, the kernel may have dropped unwritten data.
   *
   * @return whether a sync failed
   */
  public synchronized boolean endProcess() throws IOException {
    boolean lost = false;
    for (Map.Entry<Path, DurableBytes> file : names.all().entrySet()) {
      if (file.getValue().doubtful()) {
        lose(file.getKey(), file.getValue());
        file.getValue().settled();
        lost = true;
      }
    }
    forgetChannels();
    return lost;
  }

  /** Simulates a power failure: data that is not durable stays, vanishes, or becomes garbage. */
  public synchronized void powerFailure() throws IOException {
    for (Map.Entry<Path, DurableBytes> file : names.all().entrySet()) {
      unlinked.put(file.getValue(), Files.readAllBytes(file.getKey()));
      Files.delete(file.getKey());
    }
    for (Map.Entry<Path, DurableBytes> file : names.failPower(random).entrySet()) {
      byte[] left = lose(file.getKey(), file.getValue());
      names.found(file.getKey(), new DurableBytes(left));
    }
    unlinked.clear();
    forgetChannels();
  }

  private byte[] lose(Path name, DurableBytes file) throws IOException {
    byte[] current = unlinked.get(file);
    byte[] seen = current == null ? Files.readAllBytes(name) : current;
    byte[] left = file.afterFailure(seen, random);
    Files.write(name, left);
    return left;
  }

  private void forgetChannels() {
    channels.clear();
    broken.clear();
  }

  /** Keeps a file that a power failure may bring back. */
  private void keepUnlinked(Path file) throws IOException {
    if (Files.exists(file)) {
      unlinked.put(known(file), Files.readAllBytes(file));
    }
  }

  private DurableBytes known(Path file) throws IOException {
    DurableBytes known = names.get(file);
    if (known == null) {
      known = new DurableBytes(Files.readAllBytes(file));
      names.found(file, known);
    }
    return known;
  }

  private DurableBytes of(FileChannel channel) {
    DurableBytes bytes = channels.get(channel);
    if (bytes == null) {
      throw new IllegalStateException(
          "a channel that this disk did not open, or of a dead process");
    }
    return bytes;
  }

  private boolean count(FileChannel channel, String operation) {
    if (broken.contains(channel)) {
      retried.add(operation + " of a file that failed before");
    }
    boolean fails = count(operation);
    if (fails) {
      broken.add(channel);
    }
    return fails;
  }

  /** Whether the operation is to fail. */
  private boolean count(String operation) {
    if (writesOnly && !operation.equals("write")) {
      return false;
    }
    operations++;
    boolean fails = forEver ? operations >= failAt : operations == failAt;
    failed |= fails;
    return fails;
  }

  private void refuse(boolean fails) throws IOException {
    if (fails) {
      throw new IOException(message);
    }
  }
}
