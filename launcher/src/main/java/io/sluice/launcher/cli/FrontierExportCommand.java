package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
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
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice frontier export}: writes URLs to a file. Confined to the main thread. */
@Command(
    name = "export",
    description = "Write a frontier's URLs, one per line; metadata follows after a tab.",
    mixinStandardHelpOptions = true)
final class FrontierExportCommand implements Callable<Integer> {

  /** The kinds of URLs that can be exported, as spelled on the command line. */
  enum What {
    QUEUED("queued"),
    GIVEN_UP("given-up"),
    SET_ASIDE("set-aside"),
    DONE("done"),
    ALL("all");

    private final String word;

    What(String word) {
      this.word = word;
    }

    private static What ofWord(String word) {
      for (What what : values()) {
        if (what.word.equals(word)) {
          return what;
        }
      }
      String words = Arrays.stream(values()).map(w -> w.word).collect(Collectors.joining(", "));
      throw new TypeConversionException("must be one of " + words + ", not " + Echo.of(word));
    }
  }

  /** Converts an option's value to {@link What} for picocli. */
  static final class WhatConverter implements ITypeConverter<What> {
    @Override
    public What convert(String word) {
      return What.ofWord(word);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(
      names = "--what",
      paramLabel = "WHAT",
      defaultValue = "queued",
      converter = WhatConverter.class,
      description =
          "queued: what is on its way, leases and retries included; given-up: what rests because"
              + " its host was given up; set-aside: what rests because today's settings refuse it;"
              + " done: what ended, from the crawl log; all: everything. Default: ${DEFAULT-VALUE}")
  private What what;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The file to write, which must not exist. Default: -, which is standard output")
  private @Nullable Path file;

  @Option(names = "--plain", description = "Only URLs, priorities and tags: a seeds file.")
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
    switch (what) {
      case QUEUED -> export.queued();
      case GIVEN_UP -> export.givenUp();
      case SET_ASIDE -> export.setAside();
      case DONE -> export.done();
      case ALL -> {
        export.queued();
        export.givenUp();
        export.setAside();
        export.done();
      }
    }
    return export.written();
  }
}
