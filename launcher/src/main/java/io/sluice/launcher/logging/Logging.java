package io.sluice.launcher.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.sluice.core.lifecycle.LogCounts;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The process's log: a rolling file with up to {@value #FILES_KEPT} older files of {@value
 * #FILE_BYTES} bytes each, and optionally the console, depending on {@link Console}. The level is
 * INFO, or the one in the system property {@value #LEVEL_PROPERTY}. Owns the appenders; it is
 * closed last in its process. Thread-safe.
 */
public final class Logging implements AutoCloseable {

  /** System property that sets the level of Sluice's own loggers. */
  public static final String LEVEL_PROPERTY = "sluice.log.level";

  private static final int FILES_KEPT = 4;
  private static final long FILE_BYTES = 16L << 20;

  private final LoggerContext context;
  private final EventCounts counts;
  private final Ledger.Entry entry;

  private Logging(LoggerContext context, EventCounts counts, Ledger.Entry entry) {
    this.context = context;
    this.counts = counts;
    this.entry = entry;
  }

  /** How much of the log the console shows. */
  public enum Console {
    /** Every line, on standard output, for a process that runs alone. */
    ALL,
    /** Only errors, on standard error, for a process whose progress another process shows. */
    ERRORS,
    /** Nothing. */
    NONE
  }

  /**
   * Opens the log.
   *
   * @param file the log file; its directory is created
   * @throws IOException if the directory or file cannot be created
   */
  public static Logging open(Path file, Console console, Ledger ledger) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    // Broken Redis connections and socket options that a unix socket lacks are reported by Sluice
    // itself.
    context.getLogger("io.lettuce").setLevel(Level.ERROR);
    // The parser's warnings do not name a host; sluice_robots_odd_total counts them.
    context.getLogger("crawlercommons.robots").setLevel(Level.ERROR);
    context.getLogger("io.netty.bootstrap").setLevel(Level.ERROR);
    context
        .getLogger("io.sluice")
        .setLevel(Level.toLevel(System.getProperty(LEVEL_PROPERTY), Level.INFO));
    root.addAppender(rollingFile(context, file));
    if (console != Console.NONE) {
      root.addAppender(console(context, console));
    }
    EventCounts counts = new EventCounts();
    counts.setContext(context);
    counts.start();
    root.addAppender(counts);
    return new Logging(context, counts, ledger.enter(ResourceKind.LOG, "launcher.log"));
  }

  private static RollingFileAppender<ILoggingEvent> rollingFile(LoggerContext context, Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setName("file");
    appender.setFile(file.toString());
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(file + ".%i");
    names.setMaxIndex(FILES_KEPT);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES));
    size.start();
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
    return started(context, appender);
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, Console console) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setName("console");
    appender.setTarget(console == Console.ALL ? "System.out" : "System.err");
    if (console == Console.ERRORS) {
      ThresholdFilter errors = new ThresholdFilter();
      errors.setLevel(Level.ERROR.levelStr);
      errors.start();
      appender.addFilter(errors);
    }
    return started(context, appender);
  }

  private static <A extends OutputStreamAppender<ILoggingEvent>> A started(
      LoggerContext context, A appender) {
    LineLayout layout = new LineLayout();
    // Layout, encoder and appender must be started in this order: each needs the one before it.
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  /** The numbers of warnings and errors logged since {@link #open}. */
  public LogCounts counts() {
    return counts.now();
  }

  /** Flushes the buffer and closes the file. */
  @Override
  public void close() {
    context.stop();
    entry.close();
  }
}
