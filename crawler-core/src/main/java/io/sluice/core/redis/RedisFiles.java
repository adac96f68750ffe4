package io.sluice.core.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an embedded redis-server of a crawl directory keeps what: {@code redis/} holds the program,
 * its configuration, its process id, the path of its socket and the append-only files; {@code
 * logs/redis.log} its log. Immutable.
 */
final class RedisFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RedisFiles.class);

  private final Path crawlDir;

  RedisFiles(Path crawlDir) {
    this.crawlDir = crawlDir;
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

  void makeDirectories() throws IOException {
    Files.createDirectories(dir());
    Files.createDirectories(crawlDir.resolve("logs"));
  }

  /** Writes the server's configuration and records where its socket is. */
  void writeConfig(Path socket) throws IOException {
    Files.writeString(
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
    Files.writeString(socketRecord(), socket.toString());
  }

  private static String quote(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The process id that a server wrote; empty where there is none. */
  Optional<Long> recordedPid() throws IOException {
    try {
      return Optional.of(Long.valueOf(Files.readString(pidFile()).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** This directory's server, if one runs: a process of that id that is a redis-server. */
  Optional<ProcessHandle> runningServer() {
    try {
      return recordedPid().flatMap(ProcessHandle::of).filter(RedisFiles::runs);
    } catch (IOException e) {
      LOG.warn("cannot read {}", pidFile(), e);
      return Optional.empty();
    }
  }

  /**
   * Whether the process is a redis-server: not somebody else who has its number by now, and not a
   * dead one that its parent has yet to bury.
   */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains(RedisBinary.NAME);
  }

  /** Removes what a server that is no more left behind. */
  void removeLeftovers() throws IOException {
    if (Files.exists(socketRecord())) {
      removeSocket(Path.of(Files.readString(socketRecord()).strip()));
    }
    Files.deleteIfExists(pidFile());
  }

  void removeSocketAndPid(Path socket) {
    removeSocket(socket);
    try {
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      LOG.warn("cannot remove {}", pidFile(), e);
    }
  }

  /** Removes the socket and the directory that was made for it. */
  void removeSocket(Path socket) {
    Path directory = socket.getParent();
    if (directory == null || !directory.getFileName().toString().startsWith("sluice")) {
      return;
    }
    for (Path path : List.of(socket, directory, socketRecord())) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.warn("cannot remove {}", path, e);
      }
    }
  }
}
