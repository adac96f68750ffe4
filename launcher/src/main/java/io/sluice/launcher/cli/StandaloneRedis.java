package io.sluice.launcher.cli;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;

/** Checks that a process that is run alone uses a Redis server that is not embedded. Stateless. */
final class StandaloneRedis {

  private StandaloneRedis() {}

  /**
   * Returns the config.
   *
   * @throws CannotStart if the config asks for the embedded Redis, which only {@code sluice run}
   *     starts
   */
  static SluiceConfig require(SluiceConfig config) throws CannotStart {
    if (config.redis().embedded()) {
      throw new CannotStart(
          "redis.uri=embedded: only 'sluice run' starts a Redis server of its own; name one, such"
              + " as redis://localhost:6379, in the config or in SLUICE_REDIS_URI");
    }
    return config;
  }
}
