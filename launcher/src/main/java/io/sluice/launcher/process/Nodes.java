package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.Frontier;
import io.sluice.parser.node.ParserNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Tells the parsers of a crawl directory which crawl its frontier belongs to. Stateless. */
public final class Nodes {

  private Nodes() {}

  /**
   * The node of a config's crawl directory.
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
