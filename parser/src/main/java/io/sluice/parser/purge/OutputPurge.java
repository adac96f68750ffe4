package io.sluice.parser.purge;

import io.sluice.core.members.MemberReader;
import io.sluice.core.purge.HostLines;
import io.sluice.core.purge.LineJudge;
import io.sluice.core.purge.MemberFilter;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.slot.OutputDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a host's pages from a stopped crawl's output. Complete files are rewritten, each
 * atomically; their length is not recorded anywhere. An incomplete file belongs to a slot, and
 * Redis records its committed length; a purge must not start while there is one. Used once, on one
 * thread.
 */
public final class OutputPurge {

  /**
   * What was removed or, in a dry run, would be.
   *
   * @param pages number of page lines
   * @param records number of WARC records
   * @param files number of files that contained any
   */
  public record Result(long pages, long records, int files) {}

  private final OutputDirs dirs;
  private final String host;
  private long pages;
  private long records;
  private int files;

  private OutputPurge(OutputDirs dirs, String host) {
    this.dirs = dirs;
    this.host = host;
  }

  /** The incomplete files in slots; a purge must not start unless there are none. */
  public static List<Path> incomplete(OutputDirs dirs) throws IOException {
    Path slots = dirs.root().resolve("slots");
    if (!Files.isDirectory(slots)) {
      return List.of();
    }
    List<Path> incomplete = new ArrayList<>();
    for (Path slot : dirs.files().list(slots)) {
      if (Files.isDirectory(slot)) {
        incomplete.addAll(dirs.files().list(slot));
      }
    }
    return incomplete.stream().filter(file -> file.toString().endsWith(".part")).sorted().toList();
  }

  /**
   * Removes a host.
   *
   * @param host as {@code Url.host()} returns it; other hosts of its domain are not affected
   * @param dryRun whether to count without changing files
   * @throws IOException if a file is damaged or cannot be written; the files before it are already
   *     purged
   */
  public static Result purge(OutputDirs dirs, String host, boolean dryRun) throws IOException {
    OutputPurge purge = new OutputPurge(dirs, host);
    for (SinkKind kind : SinkKind.values()) {
      for (Path file : purge.complete(kind, dryRun)) {
        purge.purge(kind, file, dryRun);
      }
    }
    return new Result(purge.pages, purge.records, purge.files);
  }

  /**
   * The complete files of a kind. Unless it is a dry run, deletes temporary files of an interrupted
   * purge.
   */
  private List<Path> complete(SinkKind kind, boolean dryRun) throws IOException {
    Path directory = dirs.sealed(kind);
    List<Path> complete = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return complete;
    }
    for (Path file : dirs.files().list(directory).stream().sorted().toList()) {
      if (kind.names(file.toString())) {
        complete.add(file);
      } else if (file.toString().endsWith(MemberFilter.TEMPORARY) && !dryRun) {
        Files.delete(file);
      }
    }
    return complete;
  }

  private void purge(SinkKind kind, Path file, boolean dryRun) throws IOException {
    long found =
        switch (kind) {
          case PAGES -> {
            LineJudge judge = new LineJudge(line -> host.equals(HostLines.host(line)));
            apply(file, judge, dryRun);
            pages += judge.found();
            yield judge.found();
          }
          case WARC -> {
            WarcJudge judge = new WarcJudge(host);
            apply(file, judge, dryRun);
            records += judge.found();
            yield judge.found();
          }
        };
    files += found > 0 ? 1 : 0;
  }

  private void apply(Path file, MemberFilter.Judge judge, boolean dryRun) throws IOException {
    if (!dryRun) {
      MemberFilter.filter(file, judge, false, dirs.files());
      return;
    }
    try (MemberReader members = MemberReader.open(file, dirs.files())) {
      while (members.next()) {
        judge.judge(members);
      }
    }
  }
}
