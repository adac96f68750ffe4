package io.sluice.core.stream;

/**
 * Thrown when a parser may not work here: the partition belongs to another crawl, or another
 * machine has its node's name. Waiting would not help. The message is one line for the user, with
 * the remedy.
 */
public final class NotAdmittedException extends RuntimeException {

  NotAdmittedException(String message) {
    super(message);
  }
}
