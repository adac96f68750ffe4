package io.sluice.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReasonTest {

  private static final Path OUTCOMES =
      Path.of(System.getProperty("sluice.root", "..")).resolve("docs/outcomes.md");
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  @Test
  void theReasonsAreThoseOfTheDocumentation() throws IOException {
    assertThat(documented())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Reason.values()).map(Reason::word).collect(Collectors.toSet()));
  }

  @Test
  void aReasonIsFoundByItsWordAndAnUnknownWordIsNone() {
    assertThat(Reason.values()).allMatch(reason -> Reason.of(reason.word()) == reason);
    assertThat(Reason.of("another-programs-word")).isNull();
  }

  @Test
  void whatAVisitFindsAboutItsHostIsAFailureOfTheVisit() {
    assertThat(Reason.values())
        .filteredOn(reason -> reason.finding() != Finding.NOTHING || reason.forbids())
        .allMatch(Reason::failsVisit);
  }

  /**
   * These reasons are also the values of the tag {@code reason} of {@code
   * sluice_fetch_failures_total}.
   */
  @Test
  void theseReasonsFailAVisitAndTheOthersEndItOtherwise() {
    assertThat(Reason.values())
        .filteredOn(Reason::failsVisit)
        .extracting(Reason::word)
        .containsExactly(
            "too-many-redirects",
            "redirect-loop",
            "port-forbidden",
            "credentials-forbidden",
            "address-forbidden",
            "robots-disallow",
            "crawl-delay-too-long",
            "robots-unreachable",
            "dns-not-found",
            "dns-failed",
            "dns-timeout",
            "dns-unreachable",
            "connect-refused",
            "connect-timeout",
            "connect-failed",
            "network-unreachable",
            "tls-certificate",
            "tls-failed",
            "tls-timeout",
            "first-byte-timeout",
            "idle-timeout",
            "total-timeout",
            "stale-connection",
            "connection-reset",
            "connection-closed",
            "body-incomplete",
            "bad-response",
            "bad-framing",
            "headers-too-large",
            "too-many-requests",
            "server-error",
            "internal-error");
  }

  /** The words of the last column of each table whose heading there is "Reason". */
  private static Set<String> documented() throws IOException {
    Set<String> words = new TreeSet<>();
    boolean reasons = false;
    for (String line : Files.readAllLines(OUTCOMES)) {
      String[] cells = line.split("\\|", -1);
      String last = cells.length < 2 ? "" : cells[cells.length - 2].strip();
      reasons = line.startsWith("|") && (reasons || last.equals("Reason"));
      if (reasons) {
        WORD.matcher(last).results().forEach(match -> words.add(match.group(1)));
      }
    }
    return words;
  }
}
