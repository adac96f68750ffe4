package io.sluice.frontier.queue;

import java.io.IOException;

/** Is shown URLs that wait. */
@FunctionalInterface
public interface UrlVisitor {

  /**
   * The next URL.
   *
   * @param priority its class, 0 the most urgent
   * @return whether to go on
   */
  boolean visit(int priority, PackedUrl url) throws IOException;
}
