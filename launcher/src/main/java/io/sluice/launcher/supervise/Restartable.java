package io.sluice.launcher.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A part of the crawl that is restarted when it crashes. Confined to the supervisor's thread. */
sealed interface Restartable permits Child, CrawlRedis {

  /** The part's name in logs and reports. */
  String name();

  /** The log file that shows why the part crashed. */
  Path log();

  /** Counts a crash. Returns the pause before the restart; empty after too many crashes. */
  Optional<Duration> crashed();

  /** How often the part was restarted. */
  int restarts();
}
