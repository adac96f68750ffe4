package io.sluice.launcher.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.sluice.core.lifecycle.LogCounts;
import java.util.concurrent.atomic.LongAdder;

/** Counts logged warnings and errors. Thread-safe. */
final class EventCounts extends UnsynchronizedAppenderBase<ILoggingEvent> {

  private final LongAdder warnings = new LongAdder();
  private final LongAdder errors = new LongAdder();

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      errors.increment();
    } else if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      warnings.increment();
    }
  }

  LogCounts now() {
    return new LogCounts(warnings.sum(), errors.sum());
  }
}
