package io.sluice.frontier.queue;

import java.io.IOException;

/** Receives waiting URLs. */
@FunctionalInterface
public interface UrlVisitor {

  /**
   * Receives the next URL.
   *
   * @param classNumber the URL's class, as {@link QueueClass} numbers it
   * @return whether to continue
   */
  boolean visit(int classNumber, PackedUrl url) throws IOException;
}
