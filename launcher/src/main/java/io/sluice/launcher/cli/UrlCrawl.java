package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.Echo;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.SeedCheck;
import io.sluice.launcher.supervise.Crawl;
import io.sluice.launcher.supervise.CrawlLock;
import io.sluice.launcher.supervise.CrawlRemoval;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A crawl identified by its URLs: the first run writes the config into the crawl's directory, and
 * every later run reads it from there. Confined to the main thread.
 */
final class UrlCrawl {

  static final String CONFIG = "crawl.yaml";

  private static final Path CRAWLS = Path.of("crawls");
  private static final int MAX_NAME = 63;

  private static final List<String> HEADING =
      List.of(
          CrawlRemoval.CONFIG_HEADING
              + ", which goes by it at each later run. Change a value here,"
              + " or",
          "give the option again.");

  private static final Pattern HOST =
      Pattern.compile(
          "(?i)(localhost|\\[[0-9a-f:.]+]|[\\w-]+(\\.[\\w-]+)*\\.([a-z]{2,}|\\d+)\\.?)(:\\d+)?([/?].*)?");

  private static final Pattern NAME = Pattern.compile("(?i)[^/?:]*\\.[a-z]{2,}\\.?([/?].*)?");
  private static final Pattern TEXT_FILE =
      Pattern.compile("(?i).*\\.(ya?ml|json|txt|conf|properties)");

  private static final String LOCAL_DELAY = "100ms";
  private static final Duration USUAL_DELAY = Duration.ofSeconds(1);

  private final RunOptions options;
  private final List<Url> seeds;
  private final Path dir;
  private final @Nullable BufferedReader terminal;
  private final PrintWriter err;

  private UrlCrawl(
      RunOptions options,
      List<Url> seeds,
      Path dir,
      @Nullable BufferedReader terminal,
      PrintWriter err) {
    this.options = options;
    this.seeds = seeds;
    this.dir = dir;
    this.terminal = terminal;
    this.err = err;
  }

  /**
   * A crawl that is ready to run.
   *
   * @param file the crawl's config file, which exists once {@code begin} has been called
   * @param yaml the content of that file
   * @param variables the crawl's directory and the given options, which override the values of the
   *     file and the environment
   * @param begin writes the file once the earlier crawl has been removed; null if the file exists
   */
  record Ready(Path file, String yaml, Map<String, String> variables, Crawl.@Nullable Begin begin) {
    Ready {
      variables = Map.copyOf(variables);
    }

    /** Returns the settings, with the environment variables applied. */
    SluiceConfig config(Map<String, String> environment) throws CannotStart, IOException {
      Map<String, String> all = new HashMap<>(environment);
      all.putAll(variables);
      return DraftConfig.load(yaml, all);
    }
  }

  /** Whether an argument is a URL rather than a file. */
  static boolean isUrl(String text) {
    return text.contains("://");
  }

  /**
   * Whether an argument reads like a URL without its scheme: localhost, an address or a name with a
   * dot, with or without a port and a path. Names that look like text files do not count.
   */
  static boolean isHost(String text) {
    return HOST.matcher(text).matches() && !TEXT_FILE.matcher(text).matches();
  }

  /**
   * Returns the URL that an argument without a scheme probably means: https for a name; http for an
   * address, which rarely has a certificate.
   */
  static String withScheme(String text) {
    return (NAME.matcher(text).matches() ? "https://" : "http://") + text;
  }

  /**
   * Creates the crawl's directory and config, or finds those of an earlier run. If the crawl is to
   * start over, its old files are left for {@link Ready#begin} to replace.
   *
   * @param texts URLs; the first one's host names the directory
   * @param terminal where the user can be asked; null without a terminal
   * @param err receives a line for the user about whether the crawl is new or continues
   * @throws CannotStart if the user must fix something first
   */
  static Ready prepare(
      List<String> texts, RunOptions options, @Nullable BufferedReader terminal, PrintWriter err)
      throws CannotStart, IOException {
    List<Url> seeds = CrawlDir.seeds(texts);
    Path given = options.dir;
    Path dir = given == null ? CRAWLS.resolve(directory(seeds.getFirst())) : given;
    UrlCrawl crawl = new UrlCrawl(options, seeds, dir, terminal, err);
    Path config = dir.resolve(CONFIG);
    if (options.fresh && Files.exists(dir)) {
      CrawlRemoval.check(dir);
      String yaml = crawl.begin();
      return crawl.ready(config, yaml, () -> Files.writeString(config, yaml));
    }
    if (Files.exists(config)) {
      Optional<String> inUse = CrawlLock.holder(new CrawlFiles(dir));
      if (inUse.isPresent()) {
        throw new CannotStart(inUse.get()); // checked before the crawl's config is changed
      }
      return crawl.ready(config, crawl.goOn(config), null);
    }
    if (Files.exists(dir) && !CrawlRemoval.isFree(dir)) {
      throw new CannotStart(
          "%s: exists, and is not a crawl that `sluice run URL` made; name another directory with --dir"
              .formatted(dir));
    }
    String yaml = crawl.begin();
    Files.createDirectories(dir);
    Files.writeString(config, yaml);
    return crawl.ready(config, yaml, null);
  }

  private Ready ready(Path config, String yaml, Crawl.@Nullable Begin begin)
      throws CannotStart, IOException {
    Map<String, String> variables = new HashMap<>(options.variables());
    variables.put("SLUICE_CRAWL_DIR", ConfigText.absolute(dir));
    if (options.contact != null) {
      variables.put("SLUICE_CRAWL_USER_AGENT", DraftConfig.load(yaml).crawl().userAgent());
    }
    return new Ready(config, yaml, variables, begin);
  }

  /** The directory of a URL's crawl: its host and, unless it is the default, its port. */
  static String directory(Url url) {
    String place = url.withoutRootDot().authority().replaceAll("[^A-Za-z0-9._-]+", "-");
    String trimmed = place.replaceAll("^[.-]+|[.-]+$", "");
    return trimmed.isEmpty() ? "crawl" : trimmed;
  }

  /**
   * The crawl's name, which is part of Redis keys: the directory's name, reduced to the allowed
   * characters and length.
   */
  static String name(Path dir) {
    String name =
        String.valueOf(dir.toAbsolutePath().normalize().getFileName())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-");
    String cut = name.substring(0, Math.min(MAX_NAME, name.length()));
    String trimmed = cut.replaceAll("^-+|-+$", "");
    return trimmed.isEmpty() ? "crawl" : trimmed;
  }

  /** Returns the config of a new crawl; writes nothing. */
  private String begin() throws CannotStart, IOException {
    String agent = Contact.userAgent(options.contact, seeds, terminal, err);
    ConfigText text =
        new ConfigText(
            HEADING,
            name(dir),
            ConfigText.absolute(dir),
            seeds.stream().map(Url::href).toList(),
            agent,
            orElse(options.maxPages, "0"),
            orElse(options.depth, "50"),
            orElse(
                options.delay, Contact.isLocal(agent) ? LOCAL_DELAY : ConfigText.text(USUAL_DELAY)),
            "0");
    SluiceConfig valid = DraftConfig.load(text.yaml());
    SeedCheck.atStart(valid, true, _ -> {}); // may throw, so before a directory is created
    err.printf(
        "sluice: crawling %s into %s; the same command continues it after a stop%n",
        Echo.of(seeds.getFirst().href()), ConfigText.absolute(dir));
    err.flush();
    return ConfigText.of(HEADING, valid).yaml();
  }

  /** Returns the config of a continued crawl; options given now replace the values in its file. */
  private String goOn(Path config) throws CannotStart, IOException {
    String text = Files.readString(config);
    SluiceConfig before =
        switch (ConfigLoader.load(config, Map.of(), 1)) {
          case LoadResult.Loaded(SluiceConfig loaded) -> loaded;
          case LoadResult.Invalid invalid ->
              throw new CannotStart(invalid.problems().stream().map(Problem::toString).toList());
        };
    ConfigText was = ConfigText.of(HEADING, before);
    Set<String> all = new LinkedHashSet<>(was.seeds());
    seeds.forEach(seed -> all.add(seed.href()));
    String agent = agent(was.userAgent(), all);
    ConfigText wanted =
        new ConfigText(
            HEADING,
            was.name(),
            ConfigText.absolute(dir),
            List.copyOf(all),
            agent,
            orElse(options.maxPages, was.maxPages()),
            orElse(options.depth, was.maxDepth()),
            orElse(options.delay, delay(before, agent)),
            was.adminPort());
    ConfigText wantedText = ConfigText.of(HEADING, DraftConfig.load(wanted.yaml()));
    boolean edited = !was.yaml().equals(text);
    if (edited && !wantedText.equals(was.in(wantedText.dir()))) {
      throw new CannotStart(
          "%s: was edited by hand, so options and new URLs are not written to it; add them there"
              .formatted(config));
    }
    if (!edited && !wantedText.equals(was)) {
      Files.writeString(config, wantedText.yaml());
    }
    err.printf(
        "sluice: continuing the crawl in %s; --fresh begins it again%n", ConfigText.absolute(dir));
    err.flush();
    return edited ? text : wantedText.yaml();
  }

  /**
   * Returns the User-Agent: a crawl of the user's own machines needs a contact once a URL elsewhere
   * is added to it.
   */
  private String agent(String before, Set<String> all) throws CannotStart, IOException {
    if (options.contact == null && !Contact.isLocal(before)) {
      return before;
    }
    List<Url> urls = all.stream().map(Url::parse).filter(Objects::nonNull).toList();
    return Contact.userAgent(options.contact, urls, terminal, err);
  }

  /** Returns the delay: one that suits the user's own machines is too short for other people's. */
  private static String delay(SluiceConfig before, String agent) {
    Duration delay = before.politeness().delay();
    boolean leavesHome = Contact.isLocal(before.crawl().userAgent()) && !Contact.isLocal(agent);
    return ConfigText.text(leavesHome && delay.compareTo(USUAL_DELAY) < 0 ? USUAL_DELAY : delay);
  }

  private static String orElse(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }
}
