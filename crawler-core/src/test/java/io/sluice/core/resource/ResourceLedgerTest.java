package io.sluice.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResourceLedgerTest {

  private final ResourceLedger ledger = new ResourceLedger();

  @Test
  void whatIsEnteredIsOpenUntilItIsStruck() {
    Ledger.Entry first = ledger.enter(ResourceKind.HTTP, "fetcher.http", 7);
    Ledger.Entry second = ledger.enter(ResourceKind.HTTP, "fetcher.http", 8);
    Ledger.Entry thread = ledger.enter(ResourceKind.THREAD, "frontier.shard");

    assertThat(ledger.open()).isEqualTo(Map.of(ResourceKind.HTTP, 2, ResourceKind.THREAD, 1));
    assertThat(ledger.entries()).containsExactly(first, second, thread);

    first.close();
    thread.close();

    assertThat(ledger.open()).isEqualTo(Map.of(ResourceKind.HTTP, 1));
    assertThat(ledger.entries()).containsExactly(second);
  }

  @Test
  void strikingTwiceCountsOnce() {
    Ledger.Entry first = ledger.enter(ResourceKind.DNS, "fetcher.dns", 7);
    ledger.enter(ResourceKind.DNS, "fetcher.dns", 8);

    first.close();
    first.close();

    assertThat(ledger.open()).isEqualTo(Map.of(ResourceKind.DNS, 1));
  }

  @Test
  void anEntryNamesKindOwnerAndDescriptor() {
    assertThat(ledger.enter(ResourceKind.REDIS, "core.redis", 12))
        .hasToString("redis of core.redis, descriptor 12");
    assertThat(ledger.enter(ResourceKind.TIMER, "fetcher.wheel"))
        .hasToString("timer of fetcher.wheel");
  }

  @Test
  void manyThreadsEnterAndStrikeWithoutLosingCount() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> work =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(_ -> threads.submit(this::enterAndStrike))
              .toList();
      for (Future<?> done : work) {
        done.get();
      }
    }

    assertThat(ledger.open()).isEqualTo(Map.of(ResourceKind.OUTPUT, 4));
  }

  private void enterAndStrike() {
    for (int i = 0; i < 2000; i++) {
      ledger.enter(ResourceKind.HTTPS, "fetcher.http", i).close();
    }
    ledger.enter(ResourceKind.OUTPUT, "parser.output");
  }
}
