package io.sluice.launcher.cli;

import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.Export;
import io.sluice.launcher.process.CannotStart;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier export}: carries URLs out. Confined to the main thread. */
@Command(
    name = "export",
    description = "Write a frontier's URLs, one a line; what follows a tab is metadata.",
    mixinStandardHelpOptions = true)
final class FrontierExportCommand implements Callable<Integer> {

  /** What can be exported. */
  enum What {
    queued,
    done,
    all
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The crawl's directory.")
  private Path dir;

  @Option(
      names = "--what",
      paramLabel = "WHAT",
      defaultValue = "queued",
      description =
          "queued: what has not ended, leases and retries included; done: what ended, from the"
              + " crawl log; all: both. Default: ${DEFAULT-VALUE}")
  private What what;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write; it must not exist. Default, and -: standard output")
  private @Nullable Path file;

  @Option(names = "--plain", description = "URLs, priorities and tags alone: a seeds file.")
  private boolean plain;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierExportCommand() {}

  @Override
  public Integer call() throws CannotStart {
    return CrawlDir.look(dir, this::export);
  }

  private int export(FrontierView frontier) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path target = file;
    if (target == null || target.toString().equals("-")) {
      write(frontier, out);
      out.flush();
      return 0;
    }
    try (BufferedWriter lines =
        Files.newBufferedWriter(
            target,
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      long written = write(frontier, lines);
      out.printf("%s: %d URLs%n", target, written);
      return 0;
    }
  }

  private long write(FrontierView frontier, Writer to) throws IOException {
    Export export = new Export(frontier, to, plain);
    if (what != What.done) {
      export.queued();
    }
    if (what != What.queued) {
      export.done();
    }
    return export.written();
  }
}
