package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;

  @Test
  void optionsBecomeACommentedConfigThatCheckAccepts() throws Exception {
    String file = dir.resolve("docs.yaml").toString();
    assertThat(
            execute("init", "--seed", "https://docs.example.org/", "--contact", "me@e.org", file))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("sluice check " + file, "sluice run " + file);
    assertThat(Files.readString(dir.resolve("docs.yaml")))
        .contains("name: docs-example-org", "robots.txt is obeyed", "Sluice/0.1 (me@e.org)");
    assertThat(execute("check", file)).as(err.toString()).isZero();

    assertThat(execute("init", "--seed", "https://a.test/", "--contact", "me@e.org", file))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("docs.yaml: exists; name another file, or replace it with --force");
  }

  @Test
  void whatIsMissingOrWrongIsOneLineEach() {
    assertThat(execute("init", dir.resolve("a.yaml").toString())).isEqualTo(1);
    assertThat(execute("init", "--seed", "https://a.test/", dir.resolve("a.yaml").toString()))
        .isEqualTo(1);
    assertThat(
            execute(
                "init",
                "--seed",
                "http://localhost/",
                "--max-pages",
                "few",
                dir.resolve("a.yaml").toString()))
        .isEqualTo(1);
    String example = "me@example.org";
    assertThat(
            execute(
                "init",
                "--seed",
                "https://docs.python.org/",
                "--contact",
                example,
                dir.resolve("a.yaml").toString()))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("--seed is required"),
            line -> assertThat(line).contains("--contact is required"),
            line -> assertThat(line).contains("--max-pages=few: must be 0 (no limit) to"),
            line -> assertThat(line).contains("docs.python.org cannot reach you there"));
    assertThat(dir.resolve("a.yaml")).doesNotExist();
  }

  @Test
  void aSeedThatIsNotAUrlIsAskedForAgain() throws Exception {
    assertThat(asked("docs.example.org\nhttp://a.test/ https://b.test/\n"))
        .containsExactly("http://a.test/", "https://b.test/");
    assertThat(err.toString())
        .contains("docs.example.org: is not a URL: it does not begin with http:// or https://")
        .contains("At which URL does the crawl begin? ");
  }

  @Test
  void theQuestionForASeedIsPutThreeTimesAtMost() throws Exception {
    assertThat(asked("a\nb\nc\nhttp://a.test/\n")).containsExactly("c");
    assertThat(asked("")).isEmpty();
  }

  private List<String> asked(String typed) throws Exception {
    return InitCommand.askSeeds(
        new Questions(new BufferedReader(new StringReader(typed)), new PrintWriter(err, true)));
  }

  @Test
  void theHelpOffersNothingThatTheCommandDoesNotDo() {
    assertThat(execute("init", "--help")).isZero();
    assertThat(out.toString()).contains("--seed").doesNotContain("--no-progress");
  }

  private int execute(String... arguments) {
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
