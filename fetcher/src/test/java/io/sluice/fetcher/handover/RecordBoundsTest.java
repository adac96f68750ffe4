package io.sluice.fetcher.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.message.RecordId;
import io.sluice.fetcher.testing.TestSettings;
import org.junit.jupiter.api.Test;

/** How many record-only entries parsers may owe under various settings. */
final class RecordBoundsTest {

  @Test
  void everyConnectionMayBeUsedWhileLittleIsOwed() {
    TestSettings settings = new TestSettings();
    settings.connections = 90;
    RecordBounds bounds = RecordBounds.of(settings.config());
    try (Records records = new Records(bounds, new SimpleMeterRegistry())) {
      for (int number = 1; number <= 60; number++) {
        records.sending(new RecordId(1, number), 10_000);
      }
      for (int visit = 1; visit <= 90; visit++) {
        assertThat(records.beginVisit()).as("visit %d", visit).isTrue();
      }
    }
  }
}
