package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus's own checks find nothing wrong with the metrics and the alert rules. */
@RequiresDocker(images = {"prom/prometheus:v2.53.3"})
class PrometheusTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void theMetricsOfARunningCrawlPassPromtool() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 40)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("1s");
      Path config = yaml.of(web);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> web.requests().size() > 3 || !crawl.alive());
        assertThat(crawl.alive()).as(crawl.output()).isTrue();
        for (String process : new String[] {"supervisor", "fetcher", "parser-1"}) {
          save(yaml.crawlDir().adminPort(process), dir.resolve("metrics.txt"));
          promtool(dir, "check metrics < /checked/metrics.txt");
        }
      }
    }
  }

  @Test
  void theAlertRulesPassPromtool() throws Exception {
    promtool(ROOT.resolve("config/prometheus"), "check rules /checked/alerts.yml");
    promtool(ROOT.resolve("config/prometheus"), "check config /checked/prometheus.yml");
  }

  private static void save(long port, Path file) throws IOException {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
      Files.write(file, page.readAllBytes());
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(
        file.toAbsolutePath().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Fails with the tool's message unless the tool finds everything in order. */
  private static void promtool(Path checked, String command) throws IOException {
    String mount = checked.toAbsolutePath() + ":/checked:ro";
    new Docker()
        .run(
            Duration.ofMinutes(1),
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            mount,
            "--entrypoint",
            "sh",
            "prom/prometheus:v2.53.3",
            "-c",
            "promtool " + command);
  }
}
