package io.sluice.fetcher.robots;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fetcher.robots.RobotsAnswer.Contact;
import org.junit.jupiter.api.Test;

final class RobotsCacheTest {
  private static final RobotsAnswer KNOWN =
      new RobotsAnswer.Known(RobotsRules.ALLOW_ALL, Contact.NONE);
  private static final long EXPIRES_NANOS = 1_000;

  private static void put(RobotsCache cache, String file, int weight) {
    cache.put(file, KNOWN, weight, EXPIRES_NANOS);
  }

  @Test
  void aFileThatWeighsMoreThanThereIsRoomForIsKeptUntilTheNextOneComes() {
    RobotsCache cache = new RobotsCache(10, 100);
    put(cache, "small", 10);
    put(cache, "large", 1_000);
    assertThat(cache.get("large", 0)).isEqualTo(KNOWN);
    assertThat(cache.get("small", 0)).isNull();
    put(cache, "next", 10);
    assertThat(cache.get("large", 0)).isNull();
    assertThat(cache.get("next", 0)).isEqualTo(KNOWN);
  }

  @Test
  void hostsThatTakeTurnsFindTheirRulesNowAndThenThoughThereIsNoRoomForAll() {
    int hosts = 200;
    RobotsCache cache = new RobotsCache(100, Long.MAX_VALUE);
    int[] found = new int[hosts];
    for (int turn = 0; turn < 200; turn++) {
      for (int host = 0; host < hosts; host++) {
        if (cache.get("host" + host, 0) != null) {
          found[host]++;
        } else {
          put(cache, "host" + host, 1);
        }
      }
    }
    assertThat(found).as("turns in which a host could have asked for a page").doesNotContain(0);
  }

  @Test
  void anAnswerExpiresAndItsWeightGoesWithIt() {
    RobotsCache cache = new RobotsCache(10, 100);
    put(cache, "a", 60);
    put(cache, "a", 60);
    put(cache, "b", 40);
    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.get("a", EXPIRES_NANOS)).isNull();
    assertThat(cache.expired("a")).isEqualTo(KNOWN);
  }
}
