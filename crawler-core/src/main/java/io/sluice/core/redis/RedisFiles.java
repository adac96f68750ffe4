package io.sluice.core.redis;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ProcessMark;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an embedded redis-server of a crawl directory keeps what: {@code redis/} holds the program,
 * its configuration, its process id, the path of its socket and the append-only files; {@code
 * logs/redis.log} its log. Immutable.
 */
final class RedisFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RedisFiles.class);

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Where a unix socket's path would be too long, by the strictest system. */
  private static final int MAX_SOCKET_PATH_BYTES = 100;

  private final Path crawlDir;
  private final Ledger ledger;
  private final BriefFiles brief;

  RedisFiles(Path crawlDir, Ledger ledger) {
    this.crawlDir = crawlDir;
    this.ledger = ledger;
    this.brief = new BriefFiles(ledger, ResourceKind.REDIS, "redis.files");
  }

  /** Where what is open of the server is entered. */
  Ledger ledger() {
    return ledger;
  }

  /** Who reads and writes small files, and enters them in the ledger meanwhile. */
  BriefFiles brief() {
    return brief;
  }

  Path dir() {
    return crawlDir.resolve("redis");
  }

  Path config() {
    return dir().resolve("redis.conf");
  }

  Path pidFile() {
    return dir().resolve("redis.pid");
  }

  Path log() {
    return crawlDir.resolve("logs").resolve("redis.log");
  }

  private Path socketRecord() {
    return dir().resolve("redis.socket");
  }

  private Path guardRecord() {
    return dir().resolve("redis.guard");
  }

  void makeDirectories() throws IOException {
    Files.createDirectories(dir());
    Files.createDirectories(crawlDir.resolve("logs"));
  }

  /**
   * Makes a private directory for a socket, with a path that is short enough by the strictest
   * system. It is recorded before it is made: a start that is killed leaves none that is unknown.
   *
   * @return where the socket will be
   */
  Path makeSocketDirectory() throws IOException {
    String name = "sluice" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    Path socket = Path.of(System.getProperty("java.io.tmpdir"), name, "redis.sock");
    if (socket.toAbsolutePath().toString().length() > MAX_SOCKET_PATH_BYTES) {
      socket = Path.of("/tmp", name, "redis.sock");
    }
    makeSocketDirectory(socket.toAbsolutePath());
    return socket.toAbsolutePath();
  }

  /** Makes the directory of this socket. */
  void makeSocketDirectory(Path socket) throws IOException {
    brief.write(socketRecord(), socket.toString());
    Files.createDirectory(socket.getParent(), OWNER_ONLY);
  }

  /** Records who guards the server. */
  void writeGuard(ProcessHandle guard) throws IOException {
    brief.write(guardRecord(), ProcessMark.of(guard).toString());
  }

  /** Whether the last server's guardian lives: its owner does too, or did a moment ago. */
  boolean guarded() {
    try {
      return ProcessMark.parse(brief.text(guardRecord())).flatMap(ProcessMark::running).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes the server's configuration. */
  void writeConfig(Path socket) throws IOException {
    brief.write(
        config(),
        """
        # Written at each start of the crawl.
        port 0
        unixsocket %s
        unixsocketperm 700
        daemonize yes
        pidfile %s
        logfile %s
        dir %s
        databases 1
        save ""
        appendonly yes
        # Commits are batched: one sync each, and no batch that was answered is ever lost.
        appendfsync always
        auto-aof-rewrite-min-size 256mb
        maxmemory 0
        maxmemory-policy noeviction
        """
            .formatted(quote(socket), quote(pidFile()), quote(log()), quote(dir())));
  }

  private static String quote(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The process id that a server wrote; empty where there is none. */
  Optional<Long> recordedPid() throws IOException {
    try {
      return Optional.of(Long.valueOf(brief.text(pidFile()).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** This directory's server, if one runs: a process of that id with this directory's program. */
  Optional<ProcessHandle> runningServer() {
    try {
      return recordedPid().flatMap(ProcessHandle::of).filter(this::runsHere);
    } catch (IOException e) {
      LOG.warn("cannot read {}", pidFile(), e);
      return Optional.empty();
    }
  }

  private boolean runsHere(ProcessHandle process) {
    return runs(process) && process.info().command().orElse("").startsWith(realDir() + "/");
  }

  private Path realDir() {
    try {
      return dir().toRealPath();
    } catch (IOException e) {
      return dir();
    }
  }

  /**
   * Whether the process is a redis-server: not somebody else who has its number by now, and not a
   * dead one that its parent has yet to bury.
   */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains(RedisBinary.NAME);
  }

  /**
   * Removes what a server that is no more left behind.
   *
   * @return what there was
   */
  List<Path> removeLeftovers() throws IOException {
    List<Path> removed = new ArrayList<>();
    if (Files.exists(socketRecord())) {
      String recorded = brief.text(socketRecord()).strip();
      if (!recorded.isEmpty()) {
        removed.addAll(removeSocket(Path.of(recorded)));
      }
    }
    List<Path> others = new ArrayList<>(RedisLeftovers.halfWritten(dir()));
    others.addAll(List.of(pidFile(), guardRecord(), socketRecord()));
    for (Path path : others) {
      if (Files.deleteIfExists(path)) {
        removed.add(path);
      }
    }
    return removed;
  }

  /** Removes what is of use only while the server runs. */
  void removeAfterStop(Path socket) {
    removeSocket(socket);
    for (Path path : List.of(pidFile(), guardRecord(), socketRecord())) {
      delete(path);
    }
  }

  /**
   * Removes the socket and the directory that was made for it.
   *
   * @return what there was
   */
  List<Path> removeSocket(Path socket) {
    Path directory = socket.getParent();
    if (directory == null || !directory.getFileName().toString().startsWith("sluice")) {
      return List.of();
    }
    return Stream.of(socket, directory).filter(RedisFiles::delete).toList();
  }

  private static boolean delete(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", path, e);
      return false;
    }
  }
}
