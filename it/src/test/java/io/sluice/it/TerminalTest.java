package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The output that a user sees in a terminal: a pseudo-terminal created by {@code script}. */
class TerminalTest {

  private static final String CLEAR_LINE = "\r\u001b[K";

  /** Runs its arguments in a pseudo-terminal of 200 columns. */
  private static final List<String> IN_A_TERMINAL =
      List.of(
          "sh",
          "-c",
          """
          command='stty cols 200 rows 24; exec'
          for word; do command="$command '$word'"; done
          exec script -qfec "$command" /dev/null
          """,
          "sh");

  /** Environment with the demo's config, and a terminal that understands control sequences. */
  private static final Map<String, String> HOME =
      Map.of(
          "JAVA_TOOL_OPTIONS",
          "-Dsluice.home=" + SluiceProcess.ROOT.toAbsolutePath(),
          "TERM",
          "xterm");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void theLiveLineFitsWhateverSizeTheTerminalIsGivenAndAStopIsAnsweredAtOnce() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed: skipped");
    try (GeneratedWeb web = GeneratedWeb.start(3, 400)) { // long enough for a crawl of minutes
      String config = CrawlYaml.in(dir).delay("300ms").of(web).toString();
      theLiveLineFits(
          SluiceProcess.startUnder(IN_A_TERMINAL, dir.resolve("out.txt"), HOME, "run", config));
    }
  }

  private static void theLiveLineFits(SluiceProcess started) throws Exception {
    try (SluiceProcess crawl = started) {
      crawl.awaitRunning(() -> liveLines(crawl.output()).anyMatch(line -> line.contains("fds")));
      for (int columns : new int[] {200, 80, 60, 40}) {
        resize(crawl, columns);
        int before = crawl.output().length();
        // lines already on their way, or of the width read just before, are printed first
        crawl.awaitRunning(
            () ->
                liveLines(crawl.output().substring(before))
                    .anyMatch(line -> line.length() < columns));
        int fits = crawl.output().length();
        crawl.awaitRunning(() -> liveLines(crawl.output().substring(fits)).count() >= 2);
        assertThat(liveLines(crawl.output().substring(fits)))
            .as("live lines in %d columns, once one fits", columns)
            .allSatisfy(line -> assertThat(line).contains(" page").hasSizeLessThan(columns));
      }
      jvm(crawl).destroy();
      assertThat(crawl.exitWithin(Duration.ofMinutes(1))).as(crawl.output()).isZero();
      assertThat(crawl.output())
          .containsPattern("sluice: stopping: .*(, at most \\d+s|nothing is under way)")
          .contains("sluice: fetcher stopped after", "sluice: parsers stopped after");
    }
  }

  @Test
  void aDumbTerminalIsSentNoControlSequence() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed: skipped");
    Map<String, String> dumb = new HashMap<>(HOME);
    dumb.put("TERM", "dumb");
    for (List<String> words :
        List.of(
            List.of("run", "--help"), List.of("demo", "--dir", dir.resolve("demo").toString()))) {
      Path out = dir.resolve(words.getFirst() + ".txt");
      try (SluiceProcess sluice =
          SluiceProcess.startUnder(IN_A_TERMINAL, out, dumb, words.toArray(String[]::new))) {
        assertThat(sluice.exitWithin(Duration.ofMinutes(2))).as(sluice.output()).isZero();
        assertThat(sluice.output()).contains("sluice").doesNotContain("\u001b");
      }
    }
  }

  @Test
  void theReasonOfAStartThatFailsHasALineOfItsOwn() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed: skipped");
    CrawlYaml yaml = CrawlYaml.in(dir);
    try (GeneratedWeb web = GeneratedWeb.start(1, 1);
        SmallDisk _ = SmallDisk.mount(yaml.crawlDir().path().resolve("redis"), "64k");
        SluiceProcess crawl =
            SluiceProcess.startUnder(
                IN_A_TERMINAL, dir.resolve("out.txt"), HOME, "run", yaml.of(web).toString())) {
      assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isEqualTo(1);
      assertThat(crawl.output()).contains("starting Redis" + CLEAR_LINE + "sluice: the embedded");
    }
  }

  /** Returns the live lines that are complete in the output. */
  private static Stream<String> liveLines(String output) {
    String[] parts = output.split(Pattern.quote(CLEAR_LINE), -1);
    return Stream.of(parts)
        .limit(parts.length - 1L)
        .skip(1)
        .filter(line -> !line.isEmpty() && !line.contains("\n"));
  }

  /** The JVM that the user started, which is the child of {@code script}. */
  private static ProcessHandle jvm(SluiceProcess sluice) {
    return sluice.handle().children().findFirst().orElseThrow();
  }

  private static void resize(SluiceProcess sluice, int columns)
      throws IOException, InterruptedException {
    String terminal =
        Files.readSymbolicLink(Path.of("/proc", String.valueOf(jvm(sluice).pid()), "fd", "0"))
            .toString();
    Process stty =
        new ProcessBuilder("stty", "-F", terminal, "cols", String.valueOf(columns)).start();
    assertThat(stty.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(stty.exitValue()).isZero();
  }
}
