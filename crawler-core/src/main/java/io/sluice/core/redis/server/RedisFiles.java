package io.sluice.core.redis.server;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.DirectoryNote;
import io.sluice.core.resource.FileIdentity;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ProcessMark;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an embedded redis-server keeps its files in a crawl directory: {@code redis/} holds the
 * program, its configuration, its process id, the path of its socket and the append-only files;
 * {@code logs/redis.log} its log. Immutable.
 */
final class RedisFiles {

  private static final Logger log = LoggerFactory.getLogger(RedisFiles.class);

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Maximum length of the path of a unix socket, on the strictest system. */
  private static final int MAX_SOCKET_PATH_BYTES = 100;

  private final Path crawlDir;
  private final Ledger ledger;
  private final BriefFiles brief;

  RedisFiles(Path crawlDir, Ledger ledger) {
    this.crawlDir = crawlDir;
    this.ledger = ledger;
    this.brief = new BriefFiles(ledger, ResourceKind.REDIS, "redis.files");
  }

  /** Reads and writes small files, and enters them in the ledger while they are open. */
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
   * Creates a private directory for a socket: in the system's directory for temporary files or, if
   * its path is too long or not writable, in another one. It is recorded before it is created, so
   * that a start that is killed leaves no unknown directory.
   *
   * @return where the socket will be
   */
  Path makeSocketDirectory() throws IOException {
    String name = "sluice" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    IOException failure =
        new IOException(
            "no path is short enough for a unix socket; set TMPDIR to a directory with a shorter"
                + " path");
    for (Path place :
        List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"), dir())) {
      Path socket = place.resolve(name).resolve("redis.sock").toAbsolutePath();
      if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES) {
        try {
          makeSocketDirectory(socket);
          return socket;
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    throw failure;
  }

  /**
   * Creates the directory of this socket, or takes the one that the last server left, if it is
   * ours: in a shared directory for temporary files, another user could have replaced it.
   */
  void makeSocketDirectory(Path socket) throws IOException {
    brief.write(socketRecord(), DirectoryNote.of(dir(), socket.toString()));
    try {
      Files.createDirectory(socket.getParent(), OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      if (!isOurs(Objects.requireNonNull(socket.getParent()))) {
        throw e;
      }
    }
  }

  private boolean isOurs(Path directory) throws IOException {
    PosixFileAttributes there =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return there.isDirectory()
        && there.permissions().equals(OWNER_ONLY.value())
        && there.owner().equals(Files.getOwner(socketRecord()));
  }

  /** Records the server's guardian. */
  void writeGuard(ProcessHandle guard) throws IOException {
    brief.write(guardRecord(), ProcessMark.of(guard).toString());
  }

  /**
   * Whether the last server's guardian is alive. If so, its owner is alive, too, or was a moment
   * ago.
   */
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

  /** Where the running server's socket is; empty if none runs. */
  Optional<Path> recordedSocket() {
    try {
      return DirectoryNote.read(dir(), brief.text(socketRecord())).map(Path::of);
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The process id that a server wrote; empty if there is none. */
  private Optional<Long> recordedPid() throws IOException {
    try {
      return Optional.of(Long.valueOf(brief.text(pidFile()).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * This directory's server, if one runs. In a copy of a directory the file with the process id
   * names the original's server, and the file may be lost. So a server is recognized by its working
   * directory.
   */
  Optional<ProcessHandle> runningServer() {
    return recordedServer()
        .or(() -> ProcessHandle.allProcesses().filter(this::runsHere).findFirst());
  }

  private Optional<ProcessHandle> recordedServer() {
    try {
      return recordedPid().flatMap(ProcessHandle::of).filter(this::runsHere);
    } catch (IOException e) {
      log.warn("cannot read {}", pidFile(), e);
      return Optional.empty();
    }
  }

  /**
   * Whether a process is this directory's server, whose working directory is its data directory. If
   * the system does not report that, the server's program must be in the crawl directory.
   */
  private boolean runsHere(ProcessHandle process) {
    if (!runs(process)) {
      return false;
    }
    Optional<FileIdentity> works =
        FileIdentity.of(Path.of("/proc", Long.toString(process.pid()), "cwd"));
    return works.isPresent()
        ? works.equals(FileIdentity.of(dir()))
        : process.info().command().orElse("").startsWith(realDir() + "/");
  }

  private Path realDir() {
    try {
      return dir().toRealPath();
    } catch (IOException e) {
      return dir();
    }
  }

  /**
   * Whether the process is a redis-server: neither another process that has reused its number, nor
   * a zombie.
   */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains(RedisBinary.NAME);
  }

  /**
   * Removes the files that a server left behind when it ended. A socket stays if a server listens
   * on it, or if it belongs to the directory that this one was copied from.
   *
   * @return the paths that were removed
   */
  List<Path> removeLeftovers() throws IOException {
    List<Path> removed = new ArrayList<>();
    recordedSocket()
        .filter(socket -> !accepts(socket))
        .ifPresent(socket -> removed.addAll(removeSocket(socket)));
    List<Path> others = new ArrayList<>(RedisLeftovers.halfWritten(dir()));
    others.addAll(List.of(pidFile(), guardRecord(), socketRecord()));
    for (Path path : others) {
      if (Files.deleteIfExists(path)) {
        removed.add(path);
      }
    }
    return removed;
  }

  /** Whether a server listens on a socket. */
  boolean accepts(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try (Ledger.Entry _ = ledger.enter(ResourceKind.REDIS, "redis.embedded");
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes what is needed only while the server runs. */
  void removeAfterStop(Path socket) {
    removeSocket(socket);
    for (Path path : List.of(pidFile(), guardRecord(), socketRecord())) {
      delete(path);
    }
  }

  /**
   * Removes the socket and its directory.
   *
   * @return the paths that were removed
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
      log.warn("cannot remove {}", path, e);
      return false;
    }
  }
}
