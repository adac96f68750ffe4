package io.sluice.core.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a package logs at INFO and above, from the creation of this object until it is closed.
 * Thread-safe: lines are kept in a concurrent list.
 */
public final class LogLines implements AutoCloseable {

  private final Logger logger;
  private final @Nullable Level former;
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          events.add(event);
        }
      };

  /** Listens to the loggers of the given package and of those below it. */
  public LogLines(Package of) {
    logger = (Logger) LoggerFactory.getLogger(of.getName());
    former = logger.getLevel();
    logger.setLevel(Level.INFO);
    appender.start();
    logger.addAppender(appender);
  }

  /** The lines at WARN, in order. */
  public List<String> warnings() {
    return at(Level.WARN);
  }

  /** The lines at INFO, in order. */
  public List<String> infos() {
    return at(Level.INFO);
  }

  private List<String> at(Level level) {
    return events.stream()
        .filter(event -> event.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    appender.stop();
    logger.setLevel(former);
  }
}
