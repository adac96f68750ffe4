package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compose file as it ships, with two parsers, on the host's network so that its traffic stays
 * on loopback: stopped in mid-crawl every container exits 0; brought up again the union is the
 * truth.
 */
@RequiresDocker
class ComposeTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
  private static final Duration BUILD_BOUND = Duration.ofMinutes(10);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aComposedCrawlStoppedInTheMiddleExitsZeroEverywhereAndLosesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(6, 200)) {
      Path config = CrawlYaml.in(dir).of(web);
      Files.writeString(
          config,
          Files.readString(config)
              .replaceAll("(?m)^  dir: .*$", "  dir: /data/crawl")
              .replaceAll("(?s)redis:\n.*", ""));
      Path override = Files.writeString(dir.resolve("override.yaml"), override(config));
      try {
        compose(override, BUILD_BOUND, "build", "--quiet");
        compose(override, Duration.ofMinutes(2), "up", "-d", "--scale", "parser=2");
        await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> web.requests().size() > 300);
        compose(override, Duration.ofMinutes(2), "stop");
        assertThat(exits(override)).hasSize(4).allSatisfy(exit -> assertThat(exit).isEqualTo("0"));
        assertThat(web.fetchesByPage()).as("stopped in the middle").hasSizeLessThan(6 * 200);

        compose(override, Duration.ofMinutes(2), "up", "-d", "--scale", "parser=2");
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(200))
            .until(
                () -> compose(override, Duration.ofSeconds(30), "ps", "-q", "fetcher").isBlank());
        compose(override, Duration.ofMinutes(2), "stop");
        assertThat(exits(override)).hasSize(4).allSatisfy(exit -> assertThat(exit).isEqualTo("0"));
        compose(override, Duration.ofMinutes(1), "cp", "fetcher:/data/crawl", dir + "/crawl");
        Expectations.exactlyTheTruthOnce(web, new CrawlDir(dir.resolve("crawl")));
      } finally {
        compose(override, Duration.ofMinutes(2), "down", "--volumes", "--timeout", "5");
      }
    }
  }

  /** The host's network, other ports than the defaults, one admin port each. */
  private static String override(Path config) {
    return """
    services:
      redis:
        network_mode: host
        command: ["redis-server", "--port", "16379", "--bind", "127.0.0.1", "--appendonly", "yes", "--save", ""]
        healthcheck: { test: ["CMD", "redis-cli", "-p", "16379", "ping"] }
      parser:
        network_mode: host
        volumes: ["%1$s:/config/crawler.yaml:ro"]
        environment: { SLUICE_REDIS_URI: "redis://127.0.0.1:16379", SLUICE_ADMIN_BIND: 127.0.0.1, SLUICE_ADMIN_PORT: "0" }
        healthcheck: { disable: true }
      fetcher:
        network_mode: host
        ports: !reset []
        volumes: ["%1$s:/config/crawler.yaml:ro"]
        environment: { SLUICE_REDIS_URI: "redis://127.0.0.1:16379", SLUICE_ADMIN_BIND: 127.0.0.1, SLUICE_ADMIN_PORT: "0" }
        healthcheck: { disable: true }
    """
        .formatted(config.toAbsolutePath());
  }

  /** Exit codes of all containers of the project. */
  private List<String> exits(Path override) throws Exception {
    return compose(override, Duration.ofSeconds(30), "ps", "-a", "--format", "{{.ExitCode}}")
        .lines()
        .map(String::strip)
        .toList();
  }

  private String compose(Path override, Duration bound, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "docker",
                "compose",
                "-p",
                "sluice-it",
                "-f",
                ROOT.resolve("docker-compose.yml").toString(),
                "-f",
                override.toString()));
    command.addAll(List.of(args));
    Path output = Files.createTempFile(dir, "compose", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(dir.resolve("compose-err.txt").toFile())
            .start();
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " took more than " + bound);
    }
    assertThat(process.exitValue())
        .as("%s: %s", command, Files.readString(dir.resolve("compose-err.txt")))
        .isZero();
    return Files.readString(output);
  }
}
