package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/getting-started.md, run unchanged. */
class GettingStartedTest {

  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** The site's port in docs/getting-started.md. */
  private static final String PORT = "8642";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void eachCommandDoesWhatThePageSays() throws Exception {
    for (String tool : List.of("bash", "python3", "jq", "zcat")) {
      assumeThat(isInstalled(tool)).as("%s is installed", tool).isTrue();
    }
    Path bin = Files.createDirectory(dir.resolve("bin"));
    Path sluice = bin.resolve("sluice");
    Files.writeString(sluice, "#!/bin/sh\nexec " + quoted(SluiceProcess.command()) + " \"$@\"\n");
    Files.setPosixFilePermissions(sluice, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path work = Files.createDirectory(dir.resolve("work"));
    // Job control gives the site's server a job number, as in a terminal. The server ends with the
    // shell in any case.
    String port = Integer.toString(FreePort.number()); // the documented port may be in use
    String script = "set -eum; trap 'kill %1' ERR\n" + commands().replace(PORT, port);
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", script).directory(work.toFile());
    shell.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
    shell.environment().put("SLUICE_ADMIN_PORT", "0");
    shell.redirectErrorStream(true).redirectOutput(dir.resolve("out.txt").toFile());
    Process process = shell.redirectInput(new File("/dev/null")).start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String output = Files.readString(dir.resolve("out.txt"));
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output)
        .contains("This run    2 pages, 1 error page")
        .contains("robots-disallow 1 (robots-denied)")
        .contains("200\thttp://127.0.0.1:%s/\tHome".formatted(port))
        .contains("404\thttp://127.0.0.1:%s/gone.html\tError response".formatted(port))
        .contains("done: robots-denied")
        .contains("never seen")
        .contains("scope: the last run's config takes it at depth 0")
        .contains("crawl.yaml: OK");
    assertThat(work.resolve("pages.jsonl")).content().hasLineCount(3);
  }

  private static String commands() throws IOException {
    return COMMANDS
        .matcher(Files.readString(SluiceProcess.ROOT.resolve("docs/getting-started.md")))
        .results()
        .map((MatchResult block) -> block.group(1))
        .collect(Collectors.joining());
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  private static boolean isInstalled(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
  }
}
