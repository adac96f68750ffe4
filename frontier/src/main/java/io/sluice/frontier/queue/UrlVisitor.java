package io.sluice.frontier.queue;

import java.io.IOException;

/** Receives waiting URLs. */
@FunctionalInterface
public interface UrlVisitor {

  /**
   * The next URL.
   *
   * @param classNumber its class, as {@link QueueClass} numbers it
   * @return whether to continue
   */
  boolean visit(int classNumber, PackedUrl url) throws IOException;
}
