package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

  private static final long MIB = 1 << 20;

  private final BodyBudget budget = new BodyBudget(10 * MIB, 100);
  private final List<String> resumed = new ArrayList<>();

  @Test
  void aBodyThatFitsGoesOnAtOnce() {
    assertThat(body("a").claim(10 * MIB)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(10 * MIB);
  }

  @Test
  void whoFindsNoRoomIsResumedInTurn() {
    BodyMemory a = body("a");
    BodyMemory b = body("b");
    assertThat(a.claim(6 * MIB)).isTrue();
    assertThat(b.claim(6 * MIB)).isFalse();
    assertThat(body("c").claim(MIB)).as("would fit, but b came first").isFalse();
    a.release();
    assertThat(resumed).containsExactly("b", "c");
    assertThat(budget.usedBytes()).isEqualTo(7 * MIB);
  }

  @Test
  void aClaimLargerThanEverythingIsGrantedWhenNothingElseIs() {
    BodyMemory small = body("small");
    BodyMemory huge = body("huge");
    assertThat(small.claim(MIB)).isTrue();
    assertThat(huge.claim(50 * MIB)).isFalse();
    small.release();
    assertThat(resumed).containsExactly("huge");
    assertThat(body("next").claim(MIB)).isFalse();
    huge.release();
    assertThat(resumed).containsExactly("huge", "next");
  }

  @Test
  void aCompleteBodyGivesBackWhatItDidNotBecome() {
    BodyMemory a = body("a");
    a.claim(10 * MIB);
    assertThat(body("b").claim(8 * MIB)).isFalse();
    a.shrink(2 * MIB);
    assertThat(resumed).containsExactly("b");
    assertThat(budget.usedBytes()).isEqualTo(10 * MIB);
  }

  @Test
  void whoLeavesTheLineDoesNotHoldItUp() {
    BodyMemory a = body("a");
    BodyMemory b = body("b");
    a.claim(6 * MIB);
    assertThat(b.claim(9 * MIB)).isFalse();
    assertThat(body("c").claim(4 * MIB)).isFalse();
    b.release();
    assertThat(resumed).containsExactly("c");
    b.release();
    a.release();
    a.release();
    assertThat(budget.usedBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void smallBodiesTakeHalfTheBudgetAtMost() {
    assertThat(new BodyBudget(96 * MIB, 256).freeBytes()).isEqualTo(64 << 10);
    assertThat(new BodyBudget(10 * MIB, 256).freeBytes()).isEqualTo(20 << 10);
    assertThat(new BodyBudget(MIB, 16_384).freeBytes()).isEqualTo(4 << 10);
  }

  /** Whatever comes and goes: nobody waits while nothing is used, and the bound holds. */
  @Test
  void everyoneIsServedInTheEnd() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      BodyBudget some = new BodyBudget(10 * MIB, 10);
      Deque<BodyMemory> holding = new ArrayDeque<>();
      int claims = 0;
      for (int step = 0; step < 500; step++) {
        if (random.nextBoolean()) {
          claims++;
          BodyMemory[] self = new BodyMemory[1];
          self[0] = new BodyMemory(some, () -> holding.add(self[0]));
          if (self[0].claim(1 + random.nextLong(4 * MIB))) {
            holding.add(self[0]);
          }
        } else if (!holding.isEmpty()) {
          holding.remove().release();
          claims--;
        }
        assertThat(some.usedBytes()).isLessThanOrEqualTo(10 * MIB);
      }
      while (!holding.isEmpty()) {
        holding.remove().release();
        claims--;
      }
      assertThat(claims).isZero();
      assertThat(some.usedBytes()).isZero();
    }
  }

  private BodyMemory body(String name) {
    return new BodyMemory(budget, () -> resumed.add(name));
  }
}
