package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child is not restarted after an exit status whose cause a restart cannot remove (1, 3, 4). */
class RestartPolicyTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
  private static final Path UNIT = ROOT.resolve("dist/sluice@.service");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Process> running = new ArrayList<>();

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void aContainerOfAParserThatEndsSoIsNotStartedAgain(int status) throws Exception {
    Process again = again("echo started; exit " + status);
    assertThat(again.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(again.exitValue()).isEqualTo(status);
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void aParserThatIsKilledOrForcedIsStartedAgainUntilItEndsInOrder() throws Exception {
    Process again =
        again(
            "echo started; case $(wc -l <out.txt) in 1) kill -9 $$;; 2) exit 2;; *) exit 0;; esac");
    assertThat(again.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(again.exitValue()).isZero();
    assertThat(started()).isEqualTo(3);
  }

  @Test
  void aSignalIsPassedOnAndTheEndThatFollowsIsFinal() throws Exception {
    Process again = again("trap 'sleep 1; exit 2' TERM; echo started; while :; do sleep 0.1; done");
    await().atMost(PATIENCE).until(() -> started() == 1);
    again.destroy();
    again.destroy();
    assertThat(again.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(again.exitValue()).as("what the command made of it").isEqualTo(2);
    assertThat(started()).isEqualTo(1);
  }

  private Process again(String script) throws IOException {
    List<String> command = List.of("sh", ROOT.resolve("docker/again").toAbsolutePath().toString());
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("sh", "-c", script));
    Process again =
        new ProcessBuilder(words)
            .directory(dir.toFile())
            .redirectOutput(dir.resolve("out.txt").toFile())
            .redirectError(dir.resolve("err.txt").toFile())
            .start();
    running.add(again);
    return again;
  }

  @AfterEach
  void endWhatATestLeft() {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private long started() throws IOException {
    return Files.readAllLines(dir.resolve("out.txt")).size();
  }

  @Test
  void theComposeFileLeavesRestartsToThatScriptAndTheUnitNamesTheCodes() throws Exception {
    List<String> compose = Files.readAllLines(ROOT.resolve("docker-compose.yml"));
    assertThat(compose)
        .filteredOn(line -> line.strip().startsWith("restart:"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith("\"no\""));
    assertThat(String.join("\n", compose))
        .contains("entrypoint: [\"/opt/sluice/bin/again\", \"/opt/sluice/bin/sluice\"]");
    assertThat(Files.readAllLines(UNIT))
        .contains("Restart=on-failure", "RestartPreventExitStatus=1 3 4", "KillMode=mixed");
  }

  @Test
  void systemdFindsNoFaultWithTheUnit() throws Exception {
    assumeThat(Path.of("/usr/bin/systemd-analyze")).as("systemd-analyze").isExecutable();
    String sluice = ROOT.resolve("sluice").toAbsolutePath().normalize().toString();
    Path unit = dir.resolve("sluice@.service");
    Files.writeString(unit, Files.readString(UNIT).replace("/opt/sluice/sluice", sluice));
    Process verify =
        new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("verify.txt").toFile())
            .start();
    running.add(verify);
    assertThat(verify.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(dir.resolve("verify.txt"))).isEmpty();
    assertThat(verify.exitValue()).isZero();
  }
}
