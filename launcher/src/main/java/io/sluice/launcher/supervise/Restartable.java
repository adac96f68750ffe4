package io.sluice.launcher.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A part of the crawl that is started again when it dies. Confined to the supervisor's thread. */
sealed interface Restartable permits Child, CrawlRedis {

  /** What it is called in logs and reports. */
  String name();

  /** Where to read why it died. */
  Path log();

  /** Counts a crash: the pause before the next life, or nothing when there were too many. */
  Optional<Duration> crashed();

  /** How often it was started again. */
  int restarts();
}
