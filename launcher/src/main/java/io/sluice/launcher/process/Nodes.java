package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.Frontier;
import io.sluice.parser.node.ParserNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Creates parser nodes that look up which crawl the frontier of a directory belongs to. Stateless.
 */
public final class Nodes {

  private Nodes() {}

  /**
   * Returns the node of a config's crawl directory.
   *
   * @throws IOException if the directory cannot be used
   */
  public static ParserNode of(SluiceConfig config, Ledger ledger) throws IOException {
    Path dir = config.crawl().dir();
    return ParserNode.of(
        config,
        () -> {
          try {
            return Frontier.identityIn(dir, ledger);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        ledger);
  }
}
