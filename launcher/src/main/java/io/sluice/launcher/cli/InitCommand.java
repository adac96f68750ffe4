package io.sluice.launcher.cli;

import io.sluice.core.url.Url;
import io.sluice.launcher.process.CannotStart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice init}: writes a config. Confined to the main thread. */
@Command(
    name = "init",
    description =
        "Write a commented CONFIG, from three questions on a terminal or from the options.",
    footer = {
      "",
      "  sluice init --seed https://docs.example.org/ --contact me@example.org docs.yaml"
    },
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {

  private static final List<String> HEADING = List.of("A Sluice crawl. Run it: sluice run FILE");

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "URL",
      description = "Where the crawl begins; may be given several times (crawl.seeds).")
  private List<String> seeds = new ArrayList<>();

  @Option(
      names = "--contact",
      paramLabel = "C",
      description =
          "An https URL or e-mail address for the operators of the sites (crawl.user-agent).")
  private @Nullable String contact;

  @Option(
      names = "--max-pages",
      paramLabel = "N",
      description = "Maximum pages to fetch; 0: no limit (crawl.max-pages).")
  private @Nullable String maxPages;

  @Option(names = "--force", description = "Replace CONFIG if it exists.")
  private boolean force;

  @Parameters(
      paramLabel = "CONFIG",
      arity = "0..1",
      defaultValue = "crawler.yaml",
      description = "The file to write; default: ${DEFAULT-VALUE}.")
  private Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets them before anything runs
  InitCommand() {}

  @Override
  public Integer call() throws CannotStart, IOException {
    if (Files.exists(file) && !force) {
      throw new CannotStart(file + ": exists; name another file, or replace it with --force");
    }
    PrintWriter err = spec.commandLine().getErr();
    BufferedReader keys = ScreenOptions.terminal();
    Questions user = keys == null ? null : new Questions(keys, err);
    if (seeds.isEmpty() && user != null) {
      seeds = askSeeds(user);
    }
    if (seeds.isEmpty()) {
      throw new CannotStart("--seed is required: there is no terminal to ask for a URL");
    }
    List<Url> urls = CrawlDir.seeds(seeds);
    String agent = Contact.userAgent(contact, urls, keys, err);
    if (maxPages == null && user != null) {
      String answer = user.ask("How many pages at most (0: no limit)?");
      maxPages = answer.isEmpty() ? null : answer;
    }
    String name = UrlCrawl.name(Path.of(UrlCrawl.directory(urls.getFirst())));
    ConfigText text =
        new ConfigText(
            HEADING,
            name,
            "./crawls/" + name,
            urls.stream().map(Url::href).toList(),
            agent,
            maxPages == null ? "0" : maxPages,
            "50",
            "1s",
            "8080");
    write(text.yaml());
    spec.commandLine()
        .getOut()
        .printf("%s was written. Next:%n  sluice check %s%n  sluice run %s%n", file, file, file);
    return 0;
  }

  /** Writes the config file if the loader accepts its text. */
  private void write(String yaml) throws CannotStart, IOException {
    DraftConfig.load(yaml);
    if (force) {
      Files.writeString(file, yaml);
    } else {
      Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
  }

  /** Asks where the crawl begins; the caller refuses an answer that is still not a URL. */
  static List<String> askSeeds(Questions user) throws IOException {
    return words(
        user.ask(
            "At which URL does the crawl begin?",
            answer ->
                words(answer).stream()
                    .filter(seed -> Url.parse(seed) == null)
                    .findFirst()
                    .map(CrawlDir::notAUrl)));
  }

  private static List<String> words(String answer) {
    return answer.isEmpty() ? List.of() : List.of(answer.split("[ ,]+"));
  }
}
