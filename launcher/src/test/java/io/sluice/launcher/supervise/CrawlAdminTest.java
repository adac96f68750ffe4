package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.AdminSettings;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.metrics.AdminPages;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.TestConfig;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.ProcessFile;
import io.sluice.launcher.progress.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin port of a crawl, with admin servers in this process as its children. */
class CrawlAdminTest {

  private static final String WELL =
      "{\"process\":\"fetcher\",\"pid\":7,\"notReady\":{},\"state\":\"crawling\",\"fetched\":5}";

  @TempDir Path dir;
  private final ResourceLedger ledger = new ResourceLedger();
  private final ResourceScope children = new ResourceScope();
  private final AtomicLong nanos = new AtomicLong();
  private CrawlFiles files;
  private CrawlAdmin admin;

  @BeforeEach
  void open() throws Exception {
    files = new CrawlFiles(dir.resolve("crawl")).enteredIn(ledger);
    files.prepare();
    admin = open(0);
  }

  @AfterEach
  void nothingIsLeft() {
    admin.close();
    children.close();
    assertThat(ledger.open()).isEmpty();
    assertThat(files.run()).isEmptyDirectory();
  }

  @Test
  void theCrawlIsReadyOnceItsFetcherSaysSoAndAParserIsUpUntilItIsStopped() throws Exception {
    assertThat(get("/health/ready"))
        .startsWith("HTTP/1.1 503 ")
        .contains("\"fetcher\":\"starting\"");
    observe(WELL, 0);
    assertThat(get("/health/ready"))
        .endsWith("{\"ok\":false,\"reasons\":{\"parsers\":\"none is up\"}}");
    observe(WELL, 1);
    assertThat(get("/health/ready")).startsWith("HTTP/1.1 200 ");

    observe(WELL.replace("{}", "{\"redis\":\"is loading\"}"), 1);
    assertThat(get("/health/ready")).contains("\"fetcher\":\"redis: is loading\"");
    admin.observe(Optional.empty(), 1, 1, 1);
    assertThat(get("/health/ready")).contains("\"fetcher\":\"does not answer\"");
    observe(WELL, 1);
    admin.stopping();
    assertThat(get("/health/ready"))
        .endsWith("{\"ok\":false,\"reasons\":{\"crawl\":\"stopping\"}}");
    assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void theStatusIsTheCrawlsAndSaysWhereItsProcessesAre() throws Exception {
    assertThat(get("/status")).contains("\"state\":\"starting\"").endsWith("\"processes\":{}}");
    int port = child("fetcher", "", WELL);
    admin.observe(Optional.empty(), 0, 310, 320);
    long pid = ProcessHandle.current().pid();
    assertThat(get("/status"))
        .contains("{\"process\":\"supervisor\",\"pid\":" + pid + ",\"crawl\":\"docs\",")
        .contains(
            "\"descriptors\":310,\"peakDescriptors\":320,\"state\":\"crawling\",\"fetched\":5,")
        .doesNotContain("notReady")
        .endsWith(
            "\"processes\":{\"fetcher\":{\"pid\":%d,\"adminPort\":%d}}}".formatted(pid, port));

    children.close();
    assertThat(get("/status"))
        .contains("\"state\":\"waiting for the fetcher\",\"fetched\":5,\"processes\":{}");
    admin.stopping();
    assertThat(get("/status")).contains("\"state\":\"stopping\",\"fetched\":5,");
  }

  @Test
  void theMetricsAreThoseOfAllProcessesWithoutOneThatDoesNotAnswerWhichIsCounted()
      throws Exception {
    child("fetcher", "# HELP a A\n# TYPE a gauge\na 1.0\n", WELL);
    child("parser-1", "# HELP a A\n# TYPE a gauge\na 2.0\n", "{}");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      children.own(ProcessFile.publish(files, files.runFile("parser-2"), silent.getLocalPort()));
      assertThat(get("/metrics"))
          .contains("# TYPE a gauge\na{process=\"fetcher\"} 1.0\na{process=\"parser-1\"} 2.0\n")
          .contains("sluice_scrape_unanswered_total{process=\"supervisor\"} 1.0")
          .contains("sluice_fds{process=\"supervisor\",kind=\"admin\"}");
    }
  }

  @Test
  void ratesAreOfTheTimeSinceTheFetcherLastAnsweredAndANewLifeCountsFromZero() throws Exception {
    fetchedAfterASecond(40);
    assertThat(get("/status")).contains("\"pagesPerSecond\":40.0,");
    nanos.addAndGet(1_000_000_000L);
    admin.observe(Optional.empty(), 1, 1, 1);
    fetchedAfterASecond(100);
    assertThat(get("/status")).as("60 in two seconds").contains("\"pagesPerSecond\":30.0,");
    fetchedAfterASecond(7);
    assertThat(get("/status")).as("another life").contains("\"pagesPerSecond\":7.0,");
  }

  private void observe(String said, int parsersUp) throws IOException {
    admin.observe(Optional.of(Status.parse(said)), parsersUp, 1, 1);
  }

  private void fetchedAfterASecond(int pages) throws IOException {
    nanos.addAndGet(1_000_000_000L);
    observe(WELL.replace(":5}", ":" + pages + "}"), 1);
  }

  @Test
  void aRequestUnderAForeignNameIsRefused() throws Exception {
    assertThat(get("/status", "evil.example")).startsWith("HTTP/1.1 421 ");
  }

  @Test
  void theChildrenTakeFreePortsOnLoopbackWhateverTheConfigAndTheEnvironmentSay() throws Exception {
    ChildCommands commands = new ChildCommands(crawl(8080), files, "redis://127.0.0.1:6379");
    for (ChildCommand command : List.of(commands.fetcher(), commands.parser(2))) {
      assertThat(command.environment())
          .containsEntry("SLUICE_ADMIN_BIND", "127.0.0.1")
          .containsEntry("SLUICE_ADMIN_PORT", "0");
    }
  }

  @Test
  void aTakenPortIsToldInOneLineThatNamesTheKey() {
    int taken = admin.port();
    admin.close();
    assertThatThrownBy(
            () -> {
              try (ServerSocket held =
                  new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
                open(held.getLocalPort());
              }
            })
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("admin: cannot listen on 127.0.0.1:" + taken)
        .hasMessageContaining("set admin.port to a free port, or to 0 for any");
  }

  private int child(String name, String metrics, String status) throws IOException {
    Status said = Status.parse(status);
    AdminPages pages = new AdminPages(() -> metrics, new Health(), () -> said);
    AdminServer server =
        children.own(AdminServer.start(new AdminSettings("127.0.0.1", 0), pages, ledger));
    children.own(ProcessFile.publish(files, files.runFile(name), server.port()));
    return server.port();
  }

  private CrawlAdmin open(int port) throws Exception {
    DescriptorRules rules = new DescriptorRules();
    DescriptorCensus census = new DescriptorCensus(ledger, rules, Duration.ofSeconds(1));
    return CrawlAdmin.open(crawl(port), files, census, rules, ledger, nanos::get);
  }

  private Crawl crawl(int port) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("crawl.yaml"),
            """
            crawl:
              name: docs
              dir: %s
              seeds: ["https://example.org/"]
              user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
            parser: { processes: 2 }
            admin: { port: %d }
            """
                .formatted(files.dir(), port));
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Screen screen = new Screen(nowhere, nowhere);
    return new Crawl(TestConfig.read(file), file, Map.of(), screen, null, null, true);
  }

  private String get(String path) throws IOException {
    return get(path, "localhost");
  }

  private String get(String path, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
      socket.setSoTimeout(10_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
