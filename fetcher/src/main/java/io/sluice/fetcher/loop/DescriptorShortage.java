package io.sluice.fetcher.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the sockets that the system refused because the process or the machine had no file
 * descriptor left ({@code sluice_sockets_refused_total}), and logs a warning for the first. Since
 * the process plans its descriptors at its start, this happens only if something else uses them up.
 * Thread-safe: a counter and a flag.
 */
public final class DescriptorShortage {
  private static final Logger log = LoggerFactory.getLogger(DescriptorShortage.class);

  /** The message of Linux and macOS for EMFILE and, followed by more text, ENFILE. */
  private static final String TOO_MANY = "Too many open files";

  private final Counter refused;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Registers the counter. */
  public DescriptorShortage(MeterRegistry meters) {
    refused =
        Counter.builder("sluice.sockets.refused")
            .description("Sockets that the system refused because no descriptor was left")
            .register(meters);
  }

  /** Whether a failure means that no file descriptor is left. */
  public static boolean isMeant(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(TOO_MANY)) {
        return true;
      }
    }
    return false;
  }

  /** Counts a socket that was refused. */
  public void met() {
    refused.increment();
    if (warned.compareAndSet(false, true)) {
      log.warn(
          "no descriptor is left for another connection, so requests are waiting; raise the limit"
              + " of open files, or see in sluice_fds what else uses them");
    }
  }
}
