package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

  private static final long MIB = 1 << 20;

  /** A pool of 6 MiB, and a seat for a body of up to 4 MiB. */
  private final BodyBudget budget = new BodyBudget(10 * MIB, 4 * MIB, 100);

  private final List<String> resumed = new ArrayList<>();

  @Test
  void bodiesThatFitGoOnAtOnce() {
    assertThat(claim(body("a"), 4)).isTrue();
    assertThat(claim(body("b"), 2)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(6 * MIB);
  }

  @Test
  void whereThePoolIsFullOneBodyTakesTheSeatAndTheOthersWaitInTurn() {
    BodyMemory a = body("a");
    BodyMemory seated = body("seated");
    assertThat(claim(a, 4)).isTrue();
    assertThat(claim(seated, 4)).isTrue();
    assertThat(claim(body("b"), 3)).isFalse();
    assertThat(claim(body("c"), 1)).as("would fit, but b came first").isFalse();
    a.release();
    assertThat(resumed).containsExactly("b", "c");
    assertThat(budget.usedBytes()).isEqualTo(8 * MIB);
  }

  @Test
  void theSeatHoldsAllThatItsBodyMayBecome() {
    BodyMemory a = body("a");
    BodyMemory growing = body("growing");
    assertThat(claim(a, 4)).isTrue();
    assertThat(growing.claim(MIB, 4 * MIB)).isTrue();
    assertThat(claim(body("b"), 1)).isTrue();
    assertThat(growing.claim(2 * MIB, 4 * MIB)).as("the pool is full: it takes the seat").isTrue();
    assertThat(budget.usedBytes()).isEqualTo(9 * MIB);
    assertThat(growing.claim(4 * MIB, 4 * MIB)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(9 * MIB);
  }

  @Test
  void bodiesThatGrowDoNotWaitForEachOther() {
    List<BodyMemory> growing = IntStream.range(0, 6).mapToObj(i -> body("b" + i)).toList();
    growing.forEach(memory -> assertThat(memory.claim(MIB, 4 * MIB)).isTrue());
    growing.forEach(memory -> memory.claim(4 * MIB, 4 * MIB));
    for (int served = 1; served < 6; served++) {
      growing.get(served - 1).release();
      assertThat(resumed).hasSizeGreaterThanOrEqualTo(served);
    }
    assertThat(resumed).containsExactly("b1", "b2", "b3", "b4", "b5");
  }

  @Test
  void aCompleteBodyGivesBackWhatItDidNotBecomeAndLeavesTheSeat() {
    BodyMemory seated = body("seated");
    claim(body("a"), 4);
    claim(seated, 4);
    assertThat(claim(body("b"), 4)).isFalse();
    seated.shrink(MIB);
    assertThat(resumed).containsExactly("b");
    assertThat(budget.usedBytes()).isEqualTo(9 * MIB);
    seated.release();
    assertThat(budget.usedBytes()).isEqualTo(8 * MIB);
  }

  @Test
  void aCompleteBodyKeepsTheSeatWhileThePoolHasNoRoomForIt() {
    BodyMemory seated = body("seated");
    claim(body("a"), 6);
    claim(seated, 4);
    seated.shrink(3 * MIB);
    assertThat(claim(body("b"), 1)).isFalse();
    seated.release();
    assertThat(resumed).containsExactly("b");
  }

  @Test
  void smallBodiesCountOnceTheyAreCompleteThoughTheyNeverWait() {
    BodyMemory small = body("small");
    claim(body("a"), 6);
    small.shrink(MIB);
    assertThat(budget.usedBytes()).isEqualTo(7 * MIB);
    small.release();
    small.release();
    assertThat(budget.usedBytes()).isEqualTo(6 * MIB);
  }

  @Test
  void aBodyThatLeavesTheQueueDoesNotHoldItUp() {
    BodyMemory a = body("a");
    BodyMemory b = body("b");
    claim(a, 6);
    claim(body("seated"), 4);
    assertThat(claim(b, 4)).isFalse();
    assertThat(claim(body("c"), 1)).isFalse();
    a.shrink(5 * MIB);
    assertThat(resumed).isEmpty();
    b.release();
    assertThat(resumed).containsExactly("c");
    b.release();
    assertThat(budget.usedBytes()).isEqualTo(10 * MIB);
  }

  @Test
  void aBudgetBelowTheLargestBodyServesOneAtATime() {
    BodyBudget tiny = new BodyBudget(MIB, 4 * MIB, 100);
    BodyMemory first = new BodyMemory(tiny, () -> {});
    BodyMemory second = new BodyMemory(tiny, () -> resumed.add("second"));
    assertThat(claim(first, 4)).isTrue();
    assertThat(claim(second, 1)).isFalse();
    first.release();
    assertThat(resumed).containsExactly("second");
  }

  @Test
  void smallBodiesTakeAnEighthOfTheBudgetButFourKibibytesEach() {
    assertThat(new BodyBudget(384 * MIB, MIB, 256).freeBytes()).isEqualTo(64 << 10);
    assertThat(new BodyBudget(40 * MIB, MIB, 256).freeBytes()).isEqualTo(20 << 10);
    assertThat(new BodyBudget(MIB, MIB, 16_384).freeBytes()).isEqualTo(4 << 10);
  }

  /** In random sequences, no body waits while nothing is used, and the bound is never exceeded. */
  @Test
  void everyoneIsServedInTheEnd() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      BodyBudget some = new BodyBudget(10 * MIB, 4 * MIB, 10);
      Deque<BodyMemory> holding = new ArrayDeque<>();
      int claims = 0;
      for (int step = 0; step < 500; step++) {
        if (random.nextBoolean()) {
          claims++;
          BodyMemory[] self = new BodyMemory[1];
          self[0] = new BodyMemory(some, () -> holding.add(self[0]));
          if (self[0].claim(1 + random.nextLong(4 * MIB), 4 * MIB)) {
            holding.add(self[0]);
          }
        } else if (!holding.isEmpty() && random.nextBoolean()) {
          BodyMemory grows = holding.remove();
          if (grows.claim(4 * MIB, 4 * MIB)) {
            holding.add(grows);
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

  private static boolean claim(BodyMemory memory, long mebibytes) {
    return memory.claim(mebibytes * MIB, mebibytes * MIB);
  }

  private BodyMemory body(String name) {
    return new BodyMemory(budget, () -> resumed.add(name));
  }
}
