package io.sluice.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the supervisor is gone: it holds the other end of this process's standard input and
 * never writes, so an end of file means that it died. Its thread is a daemon, for a blocked read of
 * standard input cannot be cancelled; it ends with the process.
 */
public final class ParentWatch {

  /** Why a process stops when its supervisor died. */
  public static final String PARENT_GONE = "parent-gone";

  private static final Logger log = LoggerFactory.getLogger(ParentWatch.class);

  private ParentWatch() {}

  /** Asks {@code stop} to end the process when {@code parent} ends. */
  public static void start(InputStream parent, StopRequest stop) {
    Thread thread = new Thread(() -> untilEnd(parent, stop), "parent-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void untilEnd(InputStream parent, StopRequest stop) {
    try {
      parent.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      log.debug("the pipe from the supervisor broke", e);
    }
    log.warn("the supervisor is gone: stopping");
    stop.ask(PARENT_GONE);
  }
}
