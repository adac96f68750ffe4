package io.sluice.launcher.parse;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.message.Page;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.jsonl.PrettyPage;
import io.sluice.parser.worker.PageMemory;
import io.sluice.parser.worker.PageParser;

/** Shows the JSON that a crawl would write for a page. Stateless. */
public final class PagePreview {

  private PagePreview() {}

  /**
   * Parses the page as a parser process of a crawl would; returns its JSON object, pretty-printed.
   *
   * @param config the config as the memory plan leaves it for a heap of {@code parser.heap}
   */
  public static String of(Page page, SluiceConfig config) {
    long heap = Math.min(config.parser().heapBytes(), Runtime.getRuntime().maxMemory());
    long tree = PageMemory.treeBytesOfHeap(config, heap);
    try (PageParser parser =
        new PageParser(
            config.parser().maxInflatedBytes(),
            ExtractBounds.of(config, tree),
            AdditionReader.of(config, (_, _) -> () -> {}, tree),
            false,
            () -> {})) {
      return PrettyPage.of(parser.parse(page));
    }
  }
}
