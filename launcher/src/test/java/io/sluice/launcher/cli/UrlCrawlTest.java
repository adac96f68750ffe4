package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs and options create a crawl, and the same URLs continue it. */
class UrlCrawlTest {

  private static final String LOCAL = "http://127.0.0.1:8000/";

  private final StringWriter err = new StringWriter();
  private final RunOptions options = new RunOptions();

  @TempDir Path dir;

  @BeforeEach
  void intoTheTestsDirectory() {
    options.dir = dir.resolve("crawl");
  }

  @Test
  void theFirstRunWritesAConfigThatHoldsEveryOption() throws Exception {
    options.maxPages = "7";
    options.depth = "3";
    options.delay = "1500ms";
    options.contact = "me@example.org";

    SluiceConfig config = prepare("https://docs.example.org/a b", LOCAL);

    assertThat(config.crawl().maxPages()).isEqualTo(7);
    assertThat(config.scope().maxDepth()).isEqualTo(3);
    assertThat(config.politeness().delay()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.crawl().userAgent()).isEqualTo("Sluice/0.1 (me@example.org)");
    assertThat(config.crawl().seeds())
        .extracting(seed -> seed.url().href())
        .containsExactly("https://docs.example.org/a%20b", LOCAL);
    assertThat(config.crawl().dir()).isEqualTo(dir.resolve("crawl"));
    assertThat(err.toString()).contains("crawling https://docs.example.org/a%20b into ");
  }

  @Test
  void theConfigOfACrawlThatRunsIsLeftAsItIs() throws Exception {
    prepare(LOCAL);
    Path config = dir.resolve("crawl").resolve(UrlCrawl.CONFIG);
    String before = Files.readString(config);
    options.maxPages = "9";
    try (CrawlLock _ = CrawlLock.take(new CrawlFiles(dir.resolve("crawl")))) {
      assertRefused("in use by process " + ProcessHandle.current().pid(), LOCAL);
    }
    assertThat(config).content().isEqualTo(before);
  }

  @Test
  void aLaterRunGoesOnWithWhatTheFirstSaidUnlessItSaysOtherwise() throws Exception {
    options.maxPages = "7";
    options.delay = "2s";
    SluiceConfig first = prepare(LOCAL);
    options.maxPages = null;
    options.delay = null;
    assertThat(prepare(LOCAL)).isEqualTo(first);
    assertThat(err.toString()).contains("continuing the crawl in ");

    options.maxPages = "9";
    SluiceConfig changed = prepare(LOCAL + "more");
    assertThat(changed.crawl().maxPages()).isEqualTo(9);
    assertThat(changed.crawl().seeds()).hasSize(2);
    assertThat(changed.politeness().delay()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aConfigThatWasEditedIsNotOverwritten() throws Exception {
    prepare(LOCAL);
    Path file = dir.resolve("crawl/crawl.yaml");
    Files.writeString(file, Files.readString(file).replace("max-depth: 50", "max-depth: 4 # mine"));
    assertThat(prepare(LOCAL).scope().maxDepth()).isEqualTo(4);
    options.depth = "5";
    assertRefused("crawl.yaml: was edited", LOCAL);
  }

  @Test
  void aContactIsAskedForWhereOthersAreVisited() throws Exception {
    assertRefused("--contact is required: an https URL or an e-mail address", "https://a.test/");
    assertThat(dir.resolve("crawl")).as("nothing is made").doesNotExist();

    BufferedReader keys = new BufferedReader(new StringReader("https://a.test/bot\n"));
    UrlCrawl.Ready ready =
        UrlCrawl.prepare(List.of("https://a.test/"), options, keys, new PrintWriter(err, true));
    assertThat(ready.config(Map.of()).crawl().userAgent())
        .isEqualTo("Sluice/0.1 (+https://a.test/bot)");
    assertThat(err.toString()).contains("A contact for the sites' operators");
  }

  @Test
  void aContactThatWillNotDoIsAskedForAgainThreeTimesAtMost() throws Exception {
    String site = "https://docs.python.org/";
    assertThat(askedForAContact("me\nme@example.org\nme@a.org\n", site))
        .isEqualTo("Sluice/0.1 (me@a.org)");
    assertThat(err.toString())
        .contains("me: must be an https URL or an e-mail address")
        .contains("me@example.org: the operators of docs.python.org cannot reach you there");

    assertThatThrownBy(() -> askedForAContact("1\n2\n3\nme@a.org\n", site))
        .isInstanceOf(CannotStart.class)
        .hasMessageStartingWith("--contact=3: must be");
  }

  private String askedForAContact(String typed, String url) throws Exception {
    BufferedReader keys = new BufferedReader(new StringReader(typed));
    List<Url> seeds = List.of(Objects.requireNonNull(Url.parse(url)));
    return Contact.userAgent(null, seeds, keys, new PrintWriter(err, true));
  }

  @Test
  void mistakesNameTheOptionAndItsKeyAndMakeNothing() {
    options.maxPages = "many";
    assertRefused(
        "--max-pages=many: must be 0 (no limit) to 1,000,000,000,000 (crawl.max-pages)", LOCAL);
    options.maxPages = null;
    options.contact = "nobody";
    assertRefused("--contact=nobody: must be an https URL or an e-mail address", "https://a.test/");
    options.contact = null;
    assertRefused("http://***@a.test/: has a user name or password", "http://u:p@a.test/");
    assertRefused("ftp://a.test/: is not a URL", "ftp://a.test/");
    assertThat(dir.resolve("crawl")).doesNotExist();
  }

  @Test
  void freshChangesNothingUntilAllThatCouldRefuseHasPassed() throws Exception {
    options.maxPages = "7";
    prepare(LOCAL);
    Path crawl = dir.resolve("crawl");
    Files.createDirectories(crawl.resolve("frontier"));
    Files.writeString(crawl.resolve("frontier/identity"), "");
    String before = Files.readString(crawl.resolve("crawl.yaml"));
    options.maxPages = null;
    options.fresh = true;
    options.depth = "deep";
    assertRefused("--depth=deep: must be", LOCAL);
    options.depth = null;
    assertRefused("--contact is required", "https://a.test/");

    UrlCrawl.Ready ready = ready(LOCAL);
    assertThat(ready.config(Map.of()).crawl().maxPages()).isZero();
    assertThat(crawl.resolve("frontier/identity")).exists();
    assertThat(crawl.resolve("crawl.yaml")).hasContent(before);
    Objects.requireNonNull(ready.begin()).write();
    assertThat(crawl.resolve("crawl.yaml")).hasContent(ready.yaml());
  }

  @Test
  void freshRefusesADirectoryWithSomethingElse() throws Exception {
    prepare(LOCAL);
    options.fresh = true;
    Files.writeString(dir.resolve("crawl/thesis.txt"), "mine");
    assertRefused("contains thesis.txt, which no crawl made", LOCAL);
  }

  @Test
  void aLocalCrawlThatIsGivenAPublicUrlNeedsAContactAndTheUsualDelay() throws Exception {
    assertThat(prepare(LOCAL).politeness().delay()).isEqualTo(Duration.ofMillis(100));
    assertRefused("--contact is required", "https://a.test/");
    options.contact = "me@example.org";
    SluiceConfig changed = prepare("https://a.test/");
    assertThat(changed.crawl().userAgent()).isEqualTo("Sluice/0.1 (me@example.org)");
    assertThat(changed.politeness().delay()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aDirectoryThatWasMovedIsGoneOnWithWhereItIs() throws Exception {
    prepare(LOCAL);
    Path there = dir.resolve("there");
    Files.move(dir.resolve("crawl"), there);
    options.dir = there;
    assertThat(prepare(LOCAL).crawl().dir()).isEqualTo(there);

    Files.writeString(there.resolve("crawl.yaml"), "# mine\n", StandardOpenOption.APPEND);
    Path again = dir.resolve("again");
    Files.move(there, again);
    options.dir = again;
    assertThat(prepare(LOCAL).crawl().dir()).as("of an edited config too").isEqualTo(again);
  }

  @Test
  void optionsWinOverVariablesOfTheEnvironment() throws Exception {
    options.maxPages = "7";
    options.contact = "me@example.org";
    Map<String, String> environment =
        Map.of(
            "SLUICE_CRAWL_MAX_PAGES", "9",
            "SLUICE_SCOPE_MAX_DEPTH", "3",
            "SLUICE_CRAWL_DIR", "/elsewhere",
            "SLUICE_CRAWL_USER_AGENT", "Other/1 (+https://other.test/)");
    SluiceConfig config = ready(LOCAL).config(environment);
    assertThat(config.crawl().maxPages()).isEqualTo(7);
    assertThat(config.crawl().userAgent()).isEqualTo("Sluice/0.1 (me@example.org)");
    assertThat(config.crawl().dir()).isEqualTo(dir.resolve("crawl"));
    assertThat(config.scope().maxDepth()).as("not given as an option").isEqualTo(3);
  }

  @Test
  void freshLeavesACrawlThatRunsAlone() throws Exception {
    prepare(LOCAL);
    options.fresh = true;
    try (CrawlLock _ = CrawlLock.take(new CrawlFiles(dir.resolve("crawl")))) {
      assertRefused("in use by process " + ProcessHandle.current().pid(), LOCAL);
    }
    assertThat(dir.resolve("crawl/crawl.yaml")).exists();
  }

  @Test
  void aDirectoryOfSomethingElseIsNotTaken() throws Exception {
    Files.createDirectories(dir.resolve("crawl"));
    Files.writeString(dir.resolve("crawl/x"), "");
    assertRefused("exists, and is not a crawl that `sluice run URL` made", LOCAL);
  }

  @ParameterizedTest
  @CsvSource({
    "https://docs.example.org/a, docs.example.org",
    "http://127.0.0.1:8000/, 127.0.0.1-8000",
    "http://[::1]:8000/, 1-8000",
    "http://Localhost/, localhost"
  })
  void theHostNamesTheDirectory(String url, String name) {
    assertThat(UrlCrawl.directory(Objects.requireNonNull(Url.parse(url)))).isEqualTo(name);
  }

  private SluiceConfig prepare(String... urls) throws Exception {
    return ready(urls).config(Map.of());
  }

  private UrlCrawl.Ready ready(String... urls) throws Exception {
    return UrlCrawl.prepare(List.of(urls), options, null, new PrintWriter(err, true));
  }

  private void assertRefused(String line, String... urls) {
    assertThatThrownBy(() -> prepare(urls))
        .isInstanceOfSatisfying(
            CannotStart.class,
            cannot -> assertThat(cannot.lines()).singleElement().asString().contains(line));
  }
}
