package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.url.Url;
import io.sluice.frontier.Frontier;
import io.sluice.launcher.control.ControlSocket;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands show and requeue URLs of hosts that were given up, and failed URLs. */
class RetryCommandsTest {

  private static final String CONFIG =
      """
      crawl:
        dir: DIR/crawl
        seeds: ["http://well.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      scope:
        domains: ["well.test", "dead.test", "odd.test"]
      politeness:
        delay: 0s
        first-patience: 0s
      """;

  private static final List<String> SEEDS =
      List.of(
          "http://well.test/",
          "http://well.test/moved",
          "http://dead.test/1",
          "http://dead.test/2",
          "http://odd.test/failed",
          "http://odd.test/inside");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final LinkedBlockingQueue<Lease> leases = new LinkedBlockingQueue<>();

  @TempDir Path dir;
  private Path crawl = Path.of("");
  private Path config = Path.of("");

  @BeforeEach
  void aCrawlThatHasEnded() throws Exception {
    crawl = dir.resolve("crawl");
    config = dir.resolve("crawl.yaml");
    Files.writeString(config, CONFIG.replace("DIR", dir.toString()));
    try (Frontier frontier = open()) {
      await(frontier.offer(SEEDS.stream().map(RetryCommandsTest::seed).toList()));
      frontier.start(leases::add);
      while (!frontier.finished().toCompletableFuture().isDone()) {
        Lease lease = leases.poll(20, TimeUnit.MILLISECONDS);
        if (lease != null) {
          end(frontier, lease);
        }
      }
    }
  }

  private static void end(Frontier frontier, Lease lease) throws Exception {
    String href = lease.url().href();
    Settlement settlement =
        switch (href) {
          case "http://well.test/moved" -> done(Ending.REDIRECTED, "redirect", "http://x.test/");
          case "http://odd.test/failed" -> done(Ending.FAILED, "bad-response", null);
          case "http://odd.test/inside" -> new Settlement.SetAside(Reason.ADDRESS_FORBIDDEN);
          default -> done(Ending.PAGE, "ok", null);
        };
    Visit visit = new Visit(null, null, true);
    if (lease.url().host().equals("dead.test")) {
      visit = Visit.troubled(Finding.CONNECTION_REFUSED, Reason.CONNECT_REFUSED, true);
      settlement = new Settlement.Postpone(Reason.CONNECT_REFUSED);
    }
    await(frontier.visited(lease.id(), visit));
    await(frontier.settle(lease.id(), settlement));
  }

  private static Settlement done(Ending ending, String reason, @Nullable String target) {
    UrlEnd.Target where = target == null ? null : new UrlEnd.Target(target, "out-of-domain");
    return new Settlement.Done(
        new UrlEnd(ending, reason, 0, null, Instant.EPOCH, 1, 1, where), List.of());
  }

  @Test
  void statsShowsHostsByStateAndWhatRests() {
    assertThat(run("frontier", "stats", crawl)).isZero();
    assertThat(out.toString())
        .containsPattern("hosts +3 \\(first 0, proven 2, troubled 0, held 0, given-up 1\\)\n")
        .containsPattern("held +0 hosts\n")
        .containsPattern("queued +0 ")
        .containsPattern("set aside +1 URL\n")
        .containsPattern("given up +2 URLs of 1 host \\(connect-refused 1\\)\n");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "stats", crawl, "--json")).isZero();
    assertThat(out.toString())
        .contains("\"held_by_reason\":{},\"given_up_by_reason\":{\"connect-refused\":1}")
        .contains("\"set_aside\":1,\"given_up\":2,")
        .contains("\"hosts_by_state\":{\"first\":0,\"proven\":2,");
  }

  @Test
  void listShowsTheHostsStateAndWhyAUrlWasSetAside() {
    assertThat(run("frontier", "list", "dead.test", crawl)).isZero();
    assertThat(out.toString().lines())
        .hasSize(4)
        .element(1)
        .asString()
        .matches("given-up: .* ago, connect-refused; its URLs rest");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "list", "odd.test", crawl)).isZero();
    assertThat(out.toString())
        .startsWith("odd.test: 0 queued, 0 to retry, 0 leased, 1 set aside, 0 pages; ")
        .contains("\nproven: its last visit went well\n")
        .contains(
            "set aside: address-forbidden (fetcher.addresses.allow)  depth 0  attempts 0"
                + "  http://odd.test/inside\n");
  }

  @Test
  void explainSaysWhyAUrlRestsAndWhereARedirectLed() {
    assertThat(explain("http://dead.test/2"))
        .contains("rests because its host was given up: number ", " of 2 at its host")
        .containsPattern("state +given-up: ");
    assertThat(explain("http://odd.test/inside"))
        .contains("set aside: today's settings refuse it, address-forbidden")
        .contains("(fetcher.addresses.allow); it is judged again when they change");
    assertThat(explain("http://well.test/moved"))
        .contains("done: redirected, redirect", "  target    http://x.test/\n")
        .contains("the crawl refused it: out-of-domain (scope.domains)");
  }

  @Test
  void aVerdictOfTheScopeDoesNotMislead() {
    assertThat(explain("http://odd.test/inside", "--config", config))
        .contains("scope: the config takes it at depth 0; but what refused it,")
        .contains("address-forbidden (fetcher.addresses.allow), is known only when it is visited");
    assertThat(explain("http://well.test:8080/", "--config", config))
        .contains("never seen")
        .contains("the config refuses it at depth 0: port-forbidden (fetcher.addresses.ports)");
  }

  @Test
  void aSeedsFileBringsItsDomainsIntoTheVerdict() throws Exception {
    Path seeds = Files.writeString(dir.resolve("seeds.txt"), "http://www.more.test/\n");
    String text = Files.readString(config);
    String domains = "  domains: [\"well.test\", \"dead.test\", \"odd.test\"]";
    Files.writeString(
        config,
        text.replace(domains, "  max-depth: 3")
            .replace("crawl:\n", "crawl:\n  seeds-file: " + seeds + "\n"));
    assertThat(explain("http://more.test/x", "--config", config)).contains("the config takes it");
    assertThat(explain("http://less.test/x", "--config", config)).contains("out-of-domain");
  }

  @Test
  void whatRestsIsExportedApart() {
    assertThat(exported("queued")).isEmpty();
    assertThat(exported("given-up"))
        .hasSize(2)
        .allMatch(line -> line.startsWith("http://dead.test/"))
        .allMatch(line -> line.endsWith("\treason=connect-refused"));
    assertThat(exported("set-aside"))
        .containsExactly("http://odd.test/inside\tdepth=0\tattempts=0\treason=address-forbidden");
    assertThat(exported("all")).hasSize(SEEDS.size());
    assertThat(run("frontier", "export", crawl, "--what", "everything")).isEqualTo(1);
    assertThat(err.toString())
        .contains("--what': must be one of queued, given-up, set-aside, done, all, not everything")
        .hasLineCount(1);
  }

  @Test
  void aStoppedCrawlFindsQueuedAgainWhatWasRetried() throws Exception {
    assertThat(run("frontier", "retry", crawl)).as(err.toString()).isZero();
    assertThat(out.toString())
        .endsWith(": queued again: 1 host with 2 URLs that were given up, 1 URL that failed\n");
    assertThat(exported("queued")).hasSize(3);
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "retry", crawl)).isZero();
    assertThat(out.toString())
        .contains("0 hosts with 0 URLs that were given up, 0 URLs that failed");
  }

  @Test
  void reasonAndHostChooseWhatIsRetried() {
    assertThat(run("frontier", "retry", "--reason", "bad-response", crawl)).isZero();
    assertThat(out.toString())
        .contains("0 hosts with 0 URLs that were given up, 1 URL that ended by bad-response");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "retry", "--host", "DEAD.test", crawl)).isZero();
    assertThat(out.toString())
        .contains("1 host with 2 URLs that were given up, 0 URLs that failed");
    assertThat(run("frontier", "retry", "--host", "none.test", crawl)).isEqualTo(1);
    assertThat(run("frontier", "retry", "--reason", "dns_timeout", crawl)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "sluice: none.test: the frontier has never had a URL of this host",
            "sluice: --reason=dns_timeout: must be a reason from the crawl log such as dns-timeout;"
                + " see docs/outcomes.md");
  }

  @Test
  void aRunningCrawlIsCommandedThroughItsSocket() throws Exception {
    try (Frontier running = open()) {
      assertThat(run("frontier", "retry", crawl)).as("it takes no commands").isEqualTo(1);
      assertThat(err.toString()).contains("in use by process").hasLineCount(1);
      try (ControlSocket _ =
          ControlSocket.open(
              new CrawlFiles(crawl).control(),
              running,
              new DescriptorRules(),
              new ResourceLedger(),
              new SimpleMeterRegistry())) {
        assertThat(run("frontier", "retry", crawl)).as(err.toString()).isZero();
        assertThat(out.toString())
            .contains("1 host with 2 URLs that were given up, 1 URL that failed");
        out.getBuffer().setLength(0);
        assertThat(run("frontier", "retry", crawl)).isZero();
        assertThat(out.toString())
            .contains("0 hosts with 0 URLs that were given up, 0 URLs that failed");
      }
      assertThat(running.stats().queued()).isEqualTo(3);
    }
  }

  @Test
  void anImportQueuesAgainWhatHasEndedAndLeavesAloneWhatWaits() throws Exception {
    Path file = dir.resolve("urls.txt");
    Files.write(file, SEEDS);
    Files.writeString(
        file,
        "http://well.test/new?utm_source=x\nhttp://well.test/new\nhttp://other.test/\n",
        StandardOpenOption.APPEND);
    assertThat(run("frontier", "import", config, file)).isZero();
    assertThat(out.toString())
        .contains("1 accepted, 7 seen before, 1 refused, 0 lines are not URLs");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "import", "--again", config, file)).as(err.toString()).isZero();
    // URLs still in the frontier are skipped, including the new one; the page, the redirect and the
    // failed URL are queued.
    assertThat(out.toString())
        .contains("3 accepted, 5 already waiting, 1 refused, 0 lines are not URLs");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "import", "--again", config, file)).isZero();
    assertThat(out.toString()).contains("0 accepted, 8 already waiting, 1 refused");
    assertThat(exported("queued")).hasSize(4).doesNotHaveDuplicates();
    assertThat(run("frontier", "import", "--again", config, dir)).isEqualTo(1);
    assertThat(err.toString()).contains("must be a regular file; --again reads it twice");
  }

  private String explain(Object... words) {
    Object[] all = new Object[words.length + 3];
    all[0] = "frontier";
    all[1] = "explain";
    all[2] = words[0];
    all[3] = crawl;
    System.arraycopy(words, 1, all, 4, words.length - 1);
    out.getBuffer().setLength(0);
    assertThat(run(all)).as(err.toString()).isZero();
    return out.toString();
  }

  private List<String> exported(String what) {
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "export", crawl, "--what", what)).as(err.toString()).isZero();
    return out.toString().lines().toList();
  }

  private static Offer seed(String href) {
    return Offer.seed(Objects.requireNonNull(Url.parse(href)));
  }

  private Frontier open() throws IOException {
    try {
      return Frontier.open(
          ConfigFile.load(config), crawl, new ResourceLedger(), new SimpleMeterRegistry());
    } catch (CannotStart e) {
      throw new AssertionError(e);
    }
  }

  private static <T> void await(CompletionStage<T> stage) throws Exception {
    stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private int run(Object... words) {
    String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
