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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compose file as shipped, with two parsers, on the host's network so that its traffic stays on
 * loopback. When it is stopped in mid-crawl, every container exits with 0. After another start, the
 * pages of both runs together are complete.
 */
@RequiresDocker(
    images = {"redis:8", "eclipse-temurin:25-jdk", "eclipse-temurin:25-jre"},
    builds = true)
class ComposeTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
  private static final Duration BUILD_BOUND = Duration.ofMinutes(10);

  private final Docker docker = new Docker();

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
      Path environment = Files.writeString(dir.resolve("own.env"), "SLUICE_CONFIG=crawler.yaml\n");
      Path override = Files.writeString(dir.resolve("override.yaml"), override(config));
      Project own = new Project("sluice-it", environment, override);
      try {
        compose(own, BUILD_BOUND, "build", "--quiet");
        compose(own, Duration.ofMinutes(2), "up", "-d", "--scale", "parser=2");
        await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> web.requests().size() > 300);
        compose(own, Duration.ofMinutes(2), "stop");
        assertThat(exits(own)).hasSize(4).allSatisfy(exit -> assertThat(exit).isEqualTo("0"));
        assertThat(web.fetchesByPage()).as("stopped in the middle").hasSizeLessThan(6 * 200);

        compose(own, Duration.ofMinutes(2), "up", "-d", "--scale", "parser=2");
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(200))
            .until(() -> compose(own, Duration.ofSeconds(30), "ps", "-q", "fetcher").isBlank());
        compose(own, Duration.ofMinutes(2), "stop");
        assertThat(exits(own)).hasSize(4).allSatisfy(exit -> assertThat(exit).isEqualTo("0"));
        compose(own, Duration.ofMinutes(1), "cp", "fetcher:/data/crawl", dir + "/crawl");
        Expectations.exactlyTheTruthOnce(web, new CrawlDir(dir.resolve("crawl")));
      } finally {
        compose(own, Duration.ofMinutes(2), "down", "--volumes", "--timeout", "5");
      }
    }
  }

  /** With the environment file as shipped, on a network without a route to the outside. */
  @Test
  void asItShipsItCrawlsTheDemosWebOffline() throws Exception {
    Path override =
        Files.writeString(
            dir.resolve("offline.yaml"),
            """
            networks: { default: { internal: true } }
            services: { fetcher: { ports: !reset [] } }
            """);
    Project demo = new Project("sluice-demo-it", ROOT.resolve(".env"), override);
    try {
      compose(demo, BUILD_BOUND, "build", "--quiet");
      compose(demo, Duration.ofMinutes(3), "up", "--exit-code-from", "fetcher");
      compose(demo, Duration.ofMinutes(1), "cp", "fetcher:/data/crawls", dir + "/crawls");
      assertThat(new CrawlDir(dir.resolve("crawls/demo")).pages())
          .filteredOn(page -> page.number("status") == 200)
          .extracting(Line::url)
          .doesNotHaveDuplicates()
          .hasSize(480);
    } finally {
      compose(demo, Duration.ofMinutes(2), "down", "--volumes", "--timeout", "5");
    }
  }

  /**
   * Returns an override with the host's network, ports other than the defaults, and one admin port
   * for each container.
   */
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

  /** Returns the exit codes of all containers of the project. */
  private List<String> exits(Project project) throws Exception {
    return compose(project, Duration.ofSeconds(30), "ps", "-a", "--format", "{{.ExitCode}}")
        .lines()
        .map(String::strip)
        .toList();
  }

  /**
   * The compose file under its own project name.
   *
   * @param environment the file used instead of {@code .env}
   * @param override a further compose file, which separates the test from everything else on its
   *     machine
   */
  private record Project(String name, Path environment, Path override) {}

  private String compose(Project project, Duration bound, String... args) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "compose",
                "-p",
                project.name(),
                "--env-file",
                project.environment().toString(),
                "-f",
                ROOT.resolve("docker-compose.yml").toString(),
                "-f",
                project.override().toString()));
    words.addAll(List.of(args));
    return docker.run(bound, words.toArray(new String[0]));
  }
}
