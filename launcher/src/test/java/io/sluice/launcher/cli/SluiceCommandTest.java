package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void helpAndVersionAreCommandsToo() {
    assertThat(execute("help")).isZero();
    assertThat(out.toString()).contains("Usage: sluice");
    assertThat(execute("help", "run")).isZero();
    assertThat(out.toString()).contains("Usage: sluice run", "--max-pages", "crawl.max-pages");
    assertThat(execute("version")).isZero();
    assertThat(out.toString()).contains("(Java ");
    assertThat(execute("frontier")).as("without a subcommand").isZero();
    assertThat(out.toString()).contains("Usage: sluice frontier", "explain");
    assertThat(err.toString()).isEmpty();
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
  void aFileOfOptionOThatCannotBeIsRefusedBeforeTheCrawlHasADirectory(@TempDir Path dir) {
    String crawl = dir.resolve("crawl").toString();
    String pages = dir.resolve("missing/pages.jsonl").toString();
    assertThat(execute("run", "http://127.0.0.1:1/", "--dir", crawl, "-o", pages)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("sluice: -o=" + pages + ": cannot be written; make sure that ")
        .hasLineCount(1);
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        List.of(
            "run",
            "init",
            "demo",
            "check",
            "parse",
            "version",
            "fetcher",
            "parser",
            "frontier",
            "purge")) {
      assertThat(execute(command, "--help")).as(command).isZero();
      assertThat(out.toString()).contains("Usage: sluice " + command);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void misspeltCommandIsAnsweredWithTheNearest() {
    assertThat(execute("fetchr")).isEqualTo(1);
    assertThat(err.toString()).contains("did you mean sluice fetcher?").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnu                     | did you mean sluice run?",
        "http://localhost:8000/  | did you mean sluice run http://localhost:8000/?",
        "crawler.yaml            | did you mean sluice run crawler.yaml?",
        "frontier explian        | did you mean sluice frontier explain?",
        "version --josn          | unknown: --josn",
        "quite-another-thing     | unknown: quite-another-thing (see",
      })
  void whatWasMeantIsNamed(String words, String answer) {
    assertThat(execute(words.split(" "))).isEqualTo(1);
    assertThat(err.toString()).contains(answer).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost",
    "localhost:8000, http://localhost:8000",
    "127.0.0.1:8000/docs, http://127.0.0.1:8000/docs",
    "[::1]:8000, http://[::1]:8000",
    "docs.example.org, https://docs.example.org",
    "docs.example.org/a.yaml?b, https://docs.example.org/a.yaml?b",
    "docs.example.org:8000, http://docs.example.org:8000",
  })
  void aUrlWithoutItsSchemeIsShownWithOne(String word, String url) {
    assertThat(execute("run", word)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("sluice: %s: there is no such file; for a URL, write %s\n".formatted(word, url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing.yaml", "sub/missing.yml", "missing.json", "missing"})
  void aMissingFileIsNotTakenForAHost(String word) {
    assertThat(execute("run", word)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no such file").doesNotContain("http");
  }

  @Test
  void aTerminalThatIsDumbIsToldFromOneThatIsNot() {
    assertThat(ScreenOptions.isDumb(Map.of("TERM", "dumb"))).isTrue();
    assertThat(ScreenOptions.isDumb(Map.of("TERM", "xterm"))).isFalse();
    assertThat(ScreenOptions.isDumb(Map.of())).isFalse();
  }

  @Test
  void missingConfigIsOneLine() {
    assertThat(execute("run")).isEqualTo(1);
    assertThat(err.toString()).contains("CONFIG").hasLineCount(1);
  }

  @Test
  void filesThatCannotBeUsedAreOneLine(@TempDir Path dir) {
    Path file = dir.resolve("nodir/x.yaml");
    assertThat(execute("init", "--seed", "http://localhost/", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("sluice: " + file + ": no such file" + System.lineSeparator());
    err.getBuffer().setLength(0);
    assertThat(execute("run", "odd\0name.yaml")).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be a file's name").hasLineCount(1);
  }

  private int execute(String... arguments) {
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
