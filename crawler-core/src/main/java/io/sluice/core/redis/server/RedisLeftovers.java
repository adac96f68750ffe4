package io.sluice.core.redis.server;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the redis-server of a killed owner left behind: the server itself, for a few seconds until
 * its guardian stops it, or for good if the guardian was killed, too; its socket; files that it had
 * half written. Stateless.
 */
final class RedisLeftovers {

  private static final Logger log = LoggerFactory.getLogger(RedisLeftovers.class);
  private static final Duration END_BOUND = Duration.ofSeconds(5);

  private RedisLeftovers() {}

  /**
   * Waits for the server of an earlier run to end, kills one that has no guardian, and removes its
   * files.
   *
   * @param guardedBound how long a server whose guardian is alive may take to end
   * @return what was found, a few words each
   * @throws RedisUnavailableException if a living owner uses the directory
   */
  static List<String> remove(RedisFiles files, Duration guardedBound)
      throws IOException, RedisUnavailableException {
    List<String> found = new ArrayList<>();
    Optional<ProcessHandle> server = files.runningServer();
    if (server.isPresent()) {
      found.add("redis-server (pid " + server.get().pid() + ")");
      end(files, server.get(), guardedBound);
    }
    files.removeLeftovers().forEach(path -> found.add(path.toString()));
    return found;
  }

  private static void end(RedisFiles files, ProcessHandle server, Duration guardedBound)
      throws RedisUnavailableException {
    log.info("waiting for the redis-server of an earlier run to end (pid {})", server.pid());
    Deadline guarded = Deadline.in(guardedBound);
    while (files.guarded() && !guarded.passed()) {
      if (RedisGuard.endsWithin(server, Deadline.in(Duration.ofMillis(100)))) {
        return;
      }
    }
    if (files.guarded()) {
      throw new RedisUnavailableException(
          "the embedded Redis in %s is in use by a running crawl (redis-server pid %d)"
              .formatted(files.dir(), server.pid()));
    }
    server.destroy();
    if (!RedisGuard.endsWithin(server, Deadline.in(END_BOUND))) {
      server.destroyForcibly(); // A commit that was answered is on disk: nothing is lost.
      if (!RedisGuard.endsWithin(server, Deadline.in(END_BOUND))) {
        throw new RedisUnavailableException(
            "the redis-server of an earlier run (pid %d) does not end; kill it, then start again"
                .formatted(server.pid()));
      }
    }
  }

  /** Files that a server, or the copying of its program, began and did not complete. */
  static List<Path> halfWritten(Path redisDir) throws IOException {
    if (!Files.isDirectory(redisDir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(redisDir, 2)) {
      return files.filter(Files::isRegularFile).filter(RedisLeftovers::isHalfWritten).toList();
    }
  }

  private static boolean isHalfWritten(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("temp-") || name.startsWith("temp_") || name.endsWith(".tmp");
  }
}
