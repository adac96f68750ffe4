package io.sluice.core.stream;

/**
 * Thrown when another fetcher owns the partition: a later one of this crawl, or another crawl's.
 * Nothing that this process does there has any further effect, so it must end. The message is one
 * line for the user.
 */
public final class SupersededException extends RuntimeException {

  SupersededException(String message) {
    super(message);
  }
}
