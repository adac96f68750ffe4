package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {

  private static final int TRIALS = Integer.getInteger("sluice.frontier.trials", 500);

  @TempDir Path dir;

  @Test
  void everyCrawlEndsWithTheWholeWebWhateverStopsIt() throws IOException {
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = Long.getLong("sluice.frontier.seed", 1000) + trial;
      try {
        crawl(seed);
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void crawl(long seed) throws IOException {
    Simulation simulation = new Simulation(seed, dir.resolve("trial-" + seed));
    simulation.run((int) (seed % 6));

    assertThat(simulation.reachable()).containsAll(simulation.promisedDone());
    assertThat(logged(simulation.crawlLog()))
        .containsExactlyInAnyOrderElementsOf(simulation.reachable());
  }

  private static List<String> logged(Path file) throws IOException {
    List<String> urls = new ArrayList<>();
    try (InputStream lines = new GZIPInputStream(Files.newInputStream(file))) {
      String text = new String(lines.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Map<String, @Nullable Object> object = Json.object(line);
        urls.add(String.valueOf(object.get("url")));
      }
    }
    return urls;
  }
}
