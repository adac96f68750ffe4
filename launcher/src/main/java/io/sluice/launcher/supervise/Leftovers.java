package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.server.EmbeddedRedis;
import io.sluice.core.resource.DirectoryNote;
import io.sluice.core.resource.ProcessMark;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.ProcessFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after a killed run: ends orphaned processes and a redis-server, and deletes files that
 * are no longer needed. The next run calls it before it begins, while holding the directory's lock.
 * In a copy of a crawl directory, the files name processes of the original, which are left alone.
 * Confined to its caller's thread.
 */
public final class Leftovers {

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** Children whose supervisor has ended stop within five seconds, unless they are suspended. */
  private static final Duration END_BOUND = Duration.ofSeconds(6);

  private static final Duration KILL_BOUND = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_MILLIS = 20;

  private static final List<String> HALF_WRITTEN = List.of(".tmp", ".new");

  private final CrawlFiles files;
  private final List<String> found = new ArrayList<>();

  private Leftovers(CrawlFiles files) {
    this.files = files;
  }

  /**
   * Ends the processes, removes the files, and logs one line about them.
   *
   * @param names names of this run's processes
   * @throws CannotStart if a process that was not started by a supervisor is running under one of
   *     the names, or a process cannot be killed
   */
  public static void clean(CrawlFiles files, Collection<String> names)
      throws CannotStart, IOException, InterruptedException {
    Leftovers leftovers = new Leftovers(files);
    leftovers.endChildren();
    for (String name : names) {
      ProcessFile.refuseTwin(files, name);
    }
    leftovers.endRedis();
    leftovers.removeFiles();
    if (!leftovers.found.isEmpty()) {
      log.info("cleaned up after a run that was killed: {}", String.join(", ", leftovers.found));
    }
  }

  private void endChildren() throws CannotStart, IOException, InterruptedException {
    List<ProcessHandle> children = new ArrayList<>();
    for (Path mark : list(files.run(), CrawlFiles.CHILD_MARK)) {
      DirectoryNote.read(files.dir(), Files.readString(mark))
          .flatMap(ProcessMark::parse)
          .flatMap(ProcessMark::running)
          .ifPresent(
              child -> {
                children.add(child);
                found.add(nameOf(mark, CrawlFiles.CHILD_MARK) + " (pid " + child.pid() + ")");
              });
    }
    if (!awaitEnd(children, END_BOUND)) {
      children.forEach(ProcessHandle::destroyForcibly);
      if (!awaitEnd(children, KILL_BOUND)) {
        throw new CannotStart(
            "crawl.dir=%s: a process of an earlier run could not be killed (%s); kill it, then start again"
                .formatted(files.dir(), String.join(", ", found)));
      }
    }
  }

  /** Waits by polling, because the processes are not children of this one. */
  private static boolean awaitEnd(List<ProcessHandle> processes, Duration bound)
      throws InterruptedException {
    List<ProcessMark> marks = processes.stream().map(ProcessMark::of).toList();
    Deadline deadline = Deadline.in(bound);
    while (marks.stream().anyMatch(mark -> mark.running().isPresent())) {
      if (deadline.passed()) {
        return false;
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
    return true;
  }

  private void endRedis() throws CannotStart {
    try {
      found.addAll(EmbeddedRedis.cleanUp(files.dir()));
    } catch (RedisUnavailableException e) {
      throw CannotStart.because(e);
    }
  }

  private void removeFiles() throws IOException {
    for (Path runFile : list(files.run(), ".json")) {
      if (ProcessFile.read(files, runFile).filter(ProcessFile::holds).isEmpty()) {
        remove(runFile);
      }
    }
    for (Path mark : list(files.run(), CrawlFiles.CHILD_MARK)) {
      remove(mark);
    }
    for (Path dir : List.of(files.run(), files.logs(), files.dir())) {
      for (String ending : HALF_WRITTEN) {
        for (Path file : list(dir, ending)) {
          remove(file);
        }
      }
    }
  }

  private void remove(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      found.add(files.dir().relativize(file).toString());
    }
  }

  private static List<Path> list(Path dir, String ending) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static String nameOf(Path file, String ending) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ending.length());
  }
}
