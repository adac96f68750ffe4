package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether containers can be run is found out within seconds, whatever the engine and the network
 * do.
 */
class DockerTest {

  private static final List<String> REDIS = List.of("redis:8");

  @TempDir Path dir;

  @Test
  void withoutTheCommandOrTheEngineItIsSaid() throws Exception {
    Docker none = new Docker(dir.resolve("none").toString(), soon(), soon());
    assertThat(none.lacks(REDIS, false)).hasValueSatisfying(why -> engine(why));
    assertThat(docker("exit 1").lacks(REDIS, false)).hasValueSatisfying(why -> engine(why));
  }

  @Test
  void anEngineThatDoesNotAnswerIsNotWaitedFor() throws Exception {
    Docker hangs = docker("exec sleep 100");
    assertThat(hangs.lacks(REDIS, false)).hasValueSatisfying(why -> engine(why));
  }

  @Test
  void anImageThatIsThereNeedsNoNetwork() throws Exception {
    assertThat(docker("case $1 in pull) exec sleep 100;; esac").lacks(REDIS, false)).isEmpty();
  }

  @Test
  void aRegistryThatIsOutOfReachIsNotWaitedFor() throws Exception {
    for (String pull : List.of("exec sleep 100", "echo 'no such host' >&2; exit 1")) {
      Docker docker = docker("case $1 in image) exit 1;; pull) " + pull + ";; esac");
      assertThat(docker.lacks(REDIS, false)).hasValueSatisfying(why -> registry(why));
      Docker builds = docker("case $1 in pull) " + pull + ";; esac");
      assertThat(builds.lacks(REDIS, true)).hasValueSatisfying(why -> registry(why));
    }
  }

  @Test
  void anImageThatComesIsWaitedForThoughItTakesItsTime() throws Exception {
    String script =
        "case $1 in image) exit 1;; pull) echo '8: Pulling from library/redis'; sleep 3;; esac";
    Docker docker = new Docker(client(script), Duration.ofSeconds(2), Duration.ofMinutes(1));
    assertThat(docker.lacks(REDIS, false)).isEqualTo(Optional.empty());
  }

  private static void engine(String why) {
    assertThat(why).startsWith("no Docker engine answers within");
  }

  private static void registry(String why) {
    assertThat(why).startsWith("no registry gives the image redis:8 within");
  }

  private Docker docker(String script) throws IOException {
    return new Docker(client(script), soon(), soon());
  }

  /** Creates a Docker client that runs a script. */
  private String client(String script) throws IOException {
    Path file = Files.createTempFile(dir, "docker", "");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private static Duration soon() {
    return Duration.ofSeconds(1);
  }
}
