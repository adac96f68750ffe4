package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake leads to one clear line and exit status 1, and nothing is left half done. */
class ConfigMistakesTest {

  private static final String GOOD =
      """
      crawl:
        dir: DIR/crawl
        seeds: ["http://example.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      admin: { port: 0 }
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestValidOne() throws Exception {
    assertThat(lineFor(GOOD + "politeness: { dellay: 1s }\n"))
        .contains("crawl.yaml:6", "politeness.dellay", "delay");
  }

  @Test
  void aWrongUnitIsNamedWithWhatIsAllowed() throws Exception {
    assertThat(lineFor(GOOD + "politeness: { delay: 3 fortnights }\n"))
        .contains("crawl.yaml:6", "politeness.delay", "3 fortnights", "a unit of ms, s, m, h or d");
  }

  @Test
  void aBadSeedIsNamedWithTheReason() throws Exception {
    assertThat(lineFor(GOOD.replace("http://example.test/", "htp:/example")))
        .contains("crawl.yaml:3", "crawl.seeds", "htp:/example", "http");
  }

  @Test
  void aBadRegexIsNamedWithTheReason() throws Exception {
    assertThat(lineFor(GOOD + "scope: { include: [\"(unclosed\"] }\n"))
        .contains("crawl.yaml:6", "scope.include", "(unclosed");
  }

  @Test
  void anUnwritableDirectoryIsNamed() throws Exception {
    // a file in place of a directory, in which not even root can create anything
    Files.writeString(dir.resolve("file"), "");
    assertThat(lineFor(GOOD.replace("DIR/crawl", "DIR/file/crawl"))).contains("crawl.dir");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThat(lineFor(GOOD.replace("port: 0", "port: " + port))).contains("admin.port", port);
    }
  }

  @Test
  void aRedisThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    List<String> lines = linesFor(GOOD + "redis: { uri: \"redis://127.0.0.1:" + port + "\" }\n");
    assertThat(lines.getFirst()).as("the first sign").startsWith("Crawl       ");
    assertThat(lines)
        .filteredOn(line -> line.startsWith("sluice: "))
        .singleElement()
        .asString()
        .contains("redis.uri", String.valueOf(port))
        .isEqualTo(lines.getLast());
  }

  @Test
  void aDirectoryOwnedByARunningCrawlIsRefusedWithTheOwnersPid() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 50)) {
      String config = CrawlYaml.in(dir).of(web).toString();
      Files.writeString(
          Path.of(config), Files.readString(Path.of(config)).replace("delay: 0s", "delay: 10s"));
      try (SluiceProcess owner =
          SluiceProcess.start(dir.resolve("owner.txt"), Map.of(), "run", config)) {
        await().atMost(Duration.ofMinutes(1)).until(() -> !web.requests().isEmpty());
        try (SluiceProcess second =
            SluiceProcess.start(dir.resolve("second.txt"), Map.of(), "run", config)) {
          assertThat(second.exitWithin(Duration.ofSeconds(30))).isEqualTo(1);
          assertThat(second.output().strip().lines().toList()).hasSize(1);
          List<String> pids =
              java.util.stream.Stream.concat(
                      java.util.stream.Stream.of(owner.handle()), owner.descendants().stream())
                  .map(process -> String.valueOf(process.pid()))
                  .toList();
          assertThat(second.output()).containsAnyOf(pids.toArray(String[]::new));
        }
        owner.terminate();
        assertThat(owner.exitWithin(Duration.ofSeconds(30))).as(owner.output()).isZero();
      }
    }
  }

  private String lineFor(String yaml) throws Exception {
    List<String> lines = linesFor(yaml);
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  private List<String> linesFor(String yaml) throws Exception {
    Path config = dir.resolve("crawl.yaml");
    Files.writeString(config, yaml.replace("DIR", dir.toString()));
    try (SluiceProcess run =
        SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
      assertThat(run.exitWithin(Duration.ofMinutes(1))).as(run.output()).isEqualTo(1);
      List<String> lines = run.output().strip().lines().toList();
      assertThat(run.output()).doesNotContain("Exception");
      return lines;
    }
  }
}
