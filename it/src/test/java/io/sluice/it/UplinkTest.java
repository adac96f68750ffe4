package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crawl whose own network fails waits until the network has recovered, and loses neither URLs nor
 * attempts.
 */
@Alone
class UplinkTest {

  private static final int HOSTS = 8;
  private static final int PAGES = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aNetworkThatIsCutForTwentySecondsCostsNoUrlAndNoAttempt() throws Exception {
    cutFor(Duration.ofSeconds(20));
  }

  @Test
  @Tag("nightly")
  void aNetworkThatIsCutForTwoMinutesCostsNoUrlAndNoAttempt() throws Exception {
    cutFor(Duration.ofMinutes(2));
  }

  private void cutFor(Duration outage) throws Exception {
    try (OwnNetwork network = OwnNetwork.open()) {
      crawl(network, outage);
    }
  }

  private void crawl(OwnNetwork network, Duration outage) throws Exception {
    InetAddress at = network.outside();
    try (ScriptedWeb web =
        ScriptedWeb.start(
            at, name -> ScriptedWeb.known(name, at), ScriptedWeb::absent, UplinkTest::page)) {
      CrawlYaml yaml = CrawlYaml.in(dir).allow(network.cidr()).delay("300ms");
      IntStream.range(1, HOSTS).forEach(host -> yaml.seed(web.url("h" + host, "/p0")));
      String seed = web.url("h0", "/p0");
      Path config = yaml.write(seed, "test", web.port(), web.nameServer(), "");
      try (SluiceProcess crawl =
          SluiceProcess.startUnder(
              network.inside(), dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        await().atMost(PATIENCE).until(() -> web.asked().size() > HOSTS * PAGES / 4);
        network.cut();
        await().atMost(PATIENCE).until(() -> log(yaml).contains("the network seems to be down"));
        await().pollDelay(outage).atMost(outage.plusSeconds(5)).until(crawl::alive);
        assertThat(web.asked().size()).as("cut in mid-crawl").isLessThan(HOSTS * PAGES);
        network.mend();
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
      }
      assertThat(log(yaml)).contains("the network is back");
      assertThat(yaml.crawlDir().crawlLog())
          .allSatisfy(line -> assertThat(line.text("outcome")).isEqualTo("page"))
          .allSatisfy(line -> assertThat(line.number("attempts")).isEqualTo(1))
          .extracting(Line::url)
          .containsExactlyInAnyOrderElementsOf(urls(web));
      Expectations.nothingLeftOpen(yaml.crawlDir());
    }
  }

  private static String log(CrawlYaml yaml) throws IOException {
    return Files.readString(yaml.crawlDir().path().resolve("logs/fetcher.log"));
  }

  private static void page(Talk talk) throws IOException {
    IntStream links = IntStream.range(1, talk.path().equals("/p0") ? PAGES : 1);
    talk.links(links.mapToObj(page -> "/p" + page).toList());
  }

  private static List<String> urls(ScriptedWeb web) {
    List<String> urls = new ArrayList<>();
    for (int host = 0; host < HOSTS; host++) {
      String name = "h" + host;
      IntStream.range(0, PAGES).forEach(page -> urls.add(web.url(name, "/p" + page)));
    }
    return urls;
  }
}
