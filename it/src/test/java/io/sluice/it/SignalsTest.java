package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals that bypass the supervisor and reach processes of a crawl one by one; {@link
 * StopMatrixTest} sends them to all at once.
 */
@Alone
class SignalsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PAGES = 60;
  private static final int SIGNALS = 50;
  private static final int LONGEST_GAP_MILLIS = 60;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final CountDownLatch slowPage = new CountDownLatch(1);

  @Test
  void signalsPastTheSupervisorEndNothingOutOfOrderHoweverManyThereAre() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(this::answer)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with("parser: { processes: 2 }\n");
      String config =
          yaml.write(web.url("h0", "/"), "test", web.port(), web.nameServer(), "").toString();
      try (SluiceProcess crawl = sluice(config)) {
        crawl.awaitRunning(
            () ->
                web.asked().containsKey(web.url("slow", "/"))
                    && web.asked().size() == PAGES + 2
                    && List.of("fetcher", "parser-1", "parser-2").stream()
                        .allMatch(yaml.crawlDir()::isUp));
        userSignalsKillNobody(crawl, yaml);
        aParserThatIsSignalledAloneIsReplaced(crawl, yaml);
        manySignalsAreOneOrderlyStop(crawl, yaml);
      }
      StopAudit audit = StopAudit.of(yaml.crawlDir());
      assertThat(audit.complaints()).isEmpty();
      assertThat(audit.forced()).isEmpty();
      assertThat(audit.resting()).isZero();
      assertThat(yaml.crawlDir().warcResponses())
          .as("all that was fetched is in the output after the stop")
          .containsExactlyInAnyOrderElementsOf(web.asked().keySet());
      try (SluiceProcess crawl = sluice(config)) {
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
      }
      assertThat(web.asked()).hasSize(PAGES + 2);
      assertThat(web.asked().values()).as("asked twice").containsOnly(1L);
    }
  }

  /** Answers with a page that links all others, one of which is held until the test releases it. */
  private void answer(ScriptedWeb.Talk talk) throws IOException, InterruptedException {
    if (talk.host().equals("slow")) {
      talk.head(200, "text/plain", 1);
      if (!slowPage.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the test has failed");
      }
      talk.body(1, 1, 0);
      return;
    }
    List<String> links = new ArrayList<>();
    if (talk.path().equals("/")) {
      links.add(talk.peer("slow", "/"));
      IntStream.range(0, PAGES).forEach(i -> links.add(talk.peer("h" + i % 6, "/" + i)));
    }
    talk.links(links);
  }

  private static void userSignalsKillNobody(SluiceProcess crawl, CrawlYaml yaml) throws Exception {
    List<ProcessHandle> all = new ArrayList<>(List.of(crawl.handle()));
    all.addAll(crawl.descendants());
    all.add(yaml.crawlDir().redisServer().orElseThrow());
    for (ProcessHandle process : all) {
      Processes.signal("USR1", process.pid());
      Processes.signal("USR2", process.pid());
    }
    for (String process : List.of("fetcher", "parser-1", "parser-2")) {
      assertThat(Status.of(yaml.crawlDir(), process).fields())
          .containsKey("state")
          .doesNotContainValue("stopping");
    }
    assertThat(all).allMatch(Processes::runs);
  }

  private static void aParserThatIsSignalledAloneIsReplaced(SluiceProcess crawl, CrawlYaml yaml)
      throws Exception {
    long former = yaml.crawlDir().pid("parser-2");
    for (String signal : List.of("TERM", "INT", "TERM", "HUP")) {
      Processes.signal(signal, former);
    }
    crawl.awaitRunning(
        () -> yaml.crawlDir().isUp("parser-2") && yaml.crawlDir().pid("parser-2") != former);
    assertThat(crawl.output()).contains("parser-2 ended with status 0: starting it again");
    assertThat(yaml.crawlDir().log("parser-2"))
        .contains("parser-2 is stopping: signalled")
        .doesNotContain("cutting the drain short");
  }

  /** Sends one signal to the supervisor, and several to its children. */
  private void manySignalsAreOneOrderlyStop(SluiceProcess crawl, CrawlYaml yaml) throws Exception {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    System.out.println("SignalsTest: -Dsluice.seed=" + seed);
    Random random = new Random(seed);
    List<Long> children = new ArrayList<>();
    for (String child : List.of("fetcher", "parser-1", "parser-2")) {
      children.add(yaml.crawlDir().pid(child));
    }
    int toTheSupervisor = random.nextInt(SIGNALS);
    for (int i = 0; i < SIGNALS; i++) {
      String signal = List.of("TERM", "INT", "HUP").get(random.nextInt(3));
      long target =
          i == toTheSupervisor
              ? crawl.handle().pid()
              : children.get(random.nextInt(children.size()));
      Processes.signal(signal, target);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_GAP_MILLIS)));
    }
    crawl.awaitRunning(() -> yaml.crawlDir().log("fetcher").contains("fetcher is stopping: sig"));
    slowPage.countDown();
    assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
  }

  private SluiceProcess sluice(String config) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config);
  }
}
