package io.sluice.frontier.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.politeness.DelayPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldPolicyTest {

  private static final long MINUTE = 60_000;
  private static final HoldPolicy POLICY = policy(15 * MINUTE, 2 * MINUTE, 2 * MINUTE);

  @Test
  void aHostThatNeverAnsweredIsGivenUpAfterTheShorterPatience() {
    assertThat(probes(POLICY, false, HoldPolicy.NO_TAIL).getLast())
        .isBetween(2 * MINUTE, 2 * MINUTE + 2_000);
    assertThat(probes(POLICY, true, HoldPolicy.NO_TAIL).getLast())
        .isBetween(15 * MINUTE, 15 * MINUTE + 2_000);
  }

  @Test
  void probesAreTwiceAsFarApartEachTimeWithinTheirBounds() {
    List<Long> at = probes(POLICY, true, HoldPolicy.NO_TAIL);
    assertThat(at).hasSizeBetween(9, 11);
    long pause = 0;
    for (int i = 1; i < at.size() - 1; i++) { // the last probe is sent when patience ends
      long next = at.get(i) - at.get(i - 1);
      assertThat(next).isBetween((long) (pause * 1.1), 360_000L);
      pause = next < 200_000 ? next : 0;
    }
  }

  @Test
  void hostsThatFailTogetherAreNotProbedTogether() {
    Held held = held(true, 4, 0);
    assertThat(
            List.of("a.test", "b.test", "c.test", "d.test").stream()
                .map(
                    host -> POLICY.pauseMillis(held, host, Duration.ZERO, 0, 0, HoldPolicy.NO_TAIL))
                .distinct())
        .hasSizeGreaterThan(2);
  }

  @Test
  void onceOnlyHeldHostsAreLeftPatienceIsThatOfTheTail() {
    assertThat(probes(POLICY, true, 0).getLast()).isBetween(2 * MINUTE, 2 * MINUTE + 2_000);
    assertThat(POLICY.endMillis(held(true, 5, 5), 5 * MINUTE)).isEqualTo(7 * MINUTE);
    assertThat(POLICY.endMillis(held(true, 5, 5), 14 * MINUTE)).isEqualTo(15 * MINUTE);
  }

  @Test
  void threeProbesFailBeforeAHostIsGivenUpHoweverShortPatienceIs() {
    assertThat(probes(policy(1, 1, 1), true, HoldPolicy.NO_TAIL)).hasSize(3);
  }

  @Test
  void withoutPatienceAHostIsGivenUpAtOnce() {
    assertThat(policy(0, 0, 0).spent(held(true, 1, 0), 0, HoldPolicy.NO_TAIL)).isTrue();
  }

  @Test
  void aHostThatAsksToBeLeftAloneExtendsPatienceByAnHourAtMost() {
    Held minutes = asked(30 * MINUTE);
    assertThat(POLICY.spent(minutes, 29 * MINUTE, HoldPolicy.NO_TAIL)).isFalse();
    assertThat(POLICY.spent(minutes, 30 * MINUTE, HoldPolicy.NO_TAIL)).isTrue();
    Held days = asked(3_000 * MINUTE);
    assertThat(POLICY.spent(days, 74 * MINUTE, HoldPolicy.NO_TAIL)).isFalse();
    assertThat(POLICY.spent(days, 75 * MINUTE, HoldPolicy.NO_TAIL)).isTrue();
    long pause =
        POLICY.pauseMillis(days, "a.test", Duration.ZERO, 3_000 * MINUTE, 0, HoldPolicy.NO_TAIL);
    assertThat(pause).isEqualTo(60 * MINUTE);
  }

  @Test
  void aNameThatDoesNotExistIsAskedForOnceMoreAndIsNoMatterOfPatience() {
    Held nameless = held(Finding.NO_NAME, false, 9, 9);
    assertThat(POLICY.spent(nameless, 1_000 * MINUTE, HoldPolicy.NO_TAIL)).isFalse();
    assertThat(POLICY.pauseMillis(nameless, "a.test", Duration.ZERO, 0, 0, HoldPolicy.NO_TAIL))
        .isEqualTo(30_000);
  }

  @Test
  void aHostThatWasGivenUpHasOneProbeAPatienceIfUrlsCome() {
    GivenUp givenUp = held(true, 9, 9).giveUp(100 * MINUTE);
    assertThat(POLICY.nextChanceMillis(givenUp)).isEqualTo(115 * MINUTE);
    Held chance = POLICY.lastChance(givenUp, 200 * MINUTE);
    assertThat(POLICY.spent(chance, 200 * MINUTE, HoldPolicy.NO_TAIL)).isTrue();
    assertThat(chance.proven()).isTrue();
  }

  /** The times of the probes of a host that never answers, from the beginning of its hold. */
  private static List<Long> probes(HoldPolicy policy, boolean proven, long tailSince) {
    List<Long> at = new ArrayList<>();
    Held held = held(proven, 1, 0);
    long now = 0;
    while (!policy.spent(held, now, tailSince)) {
      long tail = now >= tailSince ? tailSince : HoldPolicy.NO_TAIL;
      now += policy.pauseMillis(held, "host.test", Duration.ofSeconds(1), 0, now, tail);
      at.add(now);
      held = held(proven, held.troubles() + 1, held.probes() + 1);
    }
    return at;
  }

  private static HoldPolicy policy(long proven, long first, long tail) {
    return new HoldPolicy(proven, first, tail, 30_000, new DelayPolicy(0, Duration.ofMinutes(5)));
  }

  private static Held held(boolean proven, int troubles, int probes) {
    return held(Finding.NO_CONNECTION, proven, troubles, probes);
  }

  private static Held held(Finding finding, boolean proven, int troubles, int probes) {
    return new Held(
        proven, finding, "trouble", troubles, probes, 0, 0, List.of(), List.of(), Corrections.NONE);
  }

  private static Held asked(long untilMillis) {
    return new Held(
        true,
        Finding.ERROR_ANSWER,
        "too-many-requests",
        9,
        9,
        0,
        untilMillis,
        List.of(),
        List.of(),
        Corrections.NONE);
  }
}
