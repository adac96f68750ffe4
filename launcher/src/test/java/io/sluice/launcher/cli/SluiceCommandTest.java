package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class SluiceCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpIsShownOnRequestAndWithoutACommand() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: sluice");
    assertThat(execute()).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionIsShown() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("sluice ").hasLineCount(1);
  }

  @Test
  void unknownCommandIsOneLine() {
    assertThat(execute("crawl-everything")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("sluice: unknown: crawl-everything")
        .contains("(see sluice --help)")
        .hasLineCount(1);
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        List.of("run", "demo", "check", "fetcher", "parser", "frontier", "purge")) {
      assertThat(execute(command, "--help")).as(command).isZero();
      assertThat(out.toString()).contains("Usage: sluice " + command);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void misspeltCommandIsAnsweredWithTheNearest() {
    assertThat(execute("fetchr")).isEqualTo(1);
    assertThat(err.toString()).contains("did you mean fetcher").hasLineCount(1);
  }

  @Test
  void missingConfigIsOneLine() {
    assertThat(execute("run")).isEqualTo(1);
    assertThat(err.toString()).contains("CONFIG").hasLineCount(1);
  }

  private int execute(String... arguments) {
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
