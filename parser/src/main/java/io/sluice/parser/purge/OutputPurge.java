package io.sluice.parser.purge;

import io.sluice.core.gzip.HostLines;
import io.sluice.core.gzip.LineJudge;
import io.sluice.core.gzip.MemberFilter;
import io.sluice.core.gzip.MemberReader;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.slot.OutputDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a host's pages out of a stopped crawl's output. Complete files are rewritten, each in one
 * step; nobody keeps their length. Files that are not complete belong to a slot, and Redis has
 * written down how much of them counts: while there are such, nothing is begun. Used once, on one
 * thread.
 */
public final class OutputPurge {

  /**
   * What was taken out, or would be.
   *
   * @param pages lines of pages
   * @param records WARC records
   * @param files files that held some
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

  /** The files in slots that are not complete; a purge is to be begun only if there are none. */
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
   * Takes a host out.
   *
   * @param host as {@code Url.host()} gives it; no other host, whatever its domain, is touched
   * @param dryRun whether it is only counted
   * @throws IOException if a file is damaged or cannot be written; those before it are done
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

  /** The complete files of a kind; what a purge that was cut short left is deleted. */
  private List<Path> complete(SinkKind kind, boolean dryRun) throws IOException {
    Path directory = dirs.sealed(kind);
    List<Path> complete = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return complete;
    }
    for (Path file : dirs.files().list(directory).stream().sorted().toList()) {
      if (file.toString().endsWith(kind.suffix())) {
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
