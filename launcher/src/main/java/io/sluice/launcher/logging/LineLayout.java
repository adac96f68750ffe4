package io.sluice.launcher.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import io.sluice.core.message.Timestamps;

/**
 * Formats each event as one line: {@code 2026-11-21T06:22:14.123Z INFO [thread] Logger: message},
 * and the stack trace below it if there is one. Control characters and line separators in a
 * message, including an exception's, are escaped, so that text from a server can neither forge a
 * line nor control a terminal. Thread-safe: stateless.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {

  /** Maximum number of causes shown; a longer chain is cut. */
  private static final int MAX_CAUSES = 8;

  private static final char NEXT_LINE = '\u0085';
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(Timestamps.text(event.getInstant())).append(' ').append(event.getLevel());
    line.repeat(' ', Math.max(1, 6 - event.getLevel().levelStr.length()));
    line.append('[');
    escape(event.getThreadName(), line);
    line.append("] ").append(simpleName(event.getLoggerName())).append(": ");
    escape(event.getFormattedMessage(), line);
    line.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    for (int depth = 0; thrown != null && depth < MAX_CAUSES; depth++) {
      appendThrown(depth == 0 ? "" : "Caused by: ", thrown, line);
      thrown = thrown.getCause();
    }
    return line.toString();
  }

  private static void appendThrown(String prefix, IThrowableProxy thrown, StringBuilder line) {
    line.append(prefix).append(thrown.getClassName()).append(": ");
    escape(String.valueOf(thrown.getMessage()), line);
    line.append('\n');
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    for (int i = 0; i < frames.length - thrown.getCommonFrames(); i++) {
      line.append("\tat ").append(frames[i].getStackTraceElement()).append('\n');
    }
  }

  private static String simpleName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)
          || c == NEXT_LINE
          || c == LINE_SEPARATOR
          || c == PARAGRAPH_SEPARATOR) {
        line.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
  }
}
