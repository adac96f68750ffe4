package io.sluice.parser.addition;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.maintext.MainText;
import io.sluice.parser.rules.Extracted;
import io.sluice.parser.rules.ExtractionRules;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the optional parts of an HTML or XHTML page: the operator's fields and the main text. Costs
 * nothing if both are off. Confined to its worker's thread.
 */
public final class AdditionReader {

  private static final int FIRST_SUCCESS = 200;
  private static final int FIRST_REDIRECT = 300;

  /** Trees held at once: jsoup's, the W3C copy for XPath, and the JDK's node table. */
  private static final int TREES_WITH_XPATH = 3;

  private static final ExtractionRules NO_RULES =
      ExtractionRules.compile(List.of(), (_, _) -> () -> {});

  private final ExtractionRules rules;
  private final int mainTextBytes;
  private final long maxTreeBytes;

  /**
   * @param rules the operator's rules
   * @param mainTextBytes maximum length of the main text in UTF-8 bytes; 0 if it is off
   * @param maxTreeBytes maximum memory of all trees of a page together
   */
  public AdditionReader(ExtractionRules rules, int mainTextBytes, long maxTreeBytes) {
    this.mainTextBytes = mainTextBytes;
    this.rules = rules;
    this.maxTreeBytes = maxTreeBytes;
  }

  /** A reader that reads nothing, for a configuration with both parts off. */
  public static AdditionReader none() {
    return new AdditionReader(NO_RULES, 0, 0);
  }

  /**
   * A reader of the parts that a configuration turns on.
   *
   * @param missing as {@link ExtractionRules#compile} takes it
   * @param maxTreeBytes maximum memory of all trees of a page together
   */
  public static AdditionReader of(
      SluiceConfig config, BiFunction<String, String, Runnable> missing, long maxTreeBytes) {
    int mainTextBytes = config.parser().mainText() ? config.parser().maxTextBytes() : 0;
    return new AdditionReader(
        ExtractionRules.compile(config.extract(), missing), mainTextBytes, maxTreeBytes);
  }

  /**
   * Reads a page.
   *
   * @param page its URL and encoding
   * @param status its HTTP status; rules apply only to pages with a 2xx status
   * @param source the decoded page
   * @param xhtml whether it is well-formed XHTML
   * @param text its text
   */
  public Additions read(Document page, int status, String source, boolean xhtml, String text) {
    Url url = page.url();
    boolean success = status >= FIRST_SUCCESS && status < FIRST_REDIRECT;
    ExtractionRules matching = success ? rules.matching(url) : NO_RULES;
    if (matching.isEmpty() && mainTextBytes == 0) {
      return Additions.NONE;
    }
    long maxBytes = matching.useXpath() ? maxTreeBytes / TREES_WITH_XPATH : maxTreeBytes;
    LazyTree tree = new LazyTree(source, xhtml, page, maxBytes);
    Extracted extracted =
        matching.isEmpty() ? null : matching.extract(url, source, text, tree::get);
    if (mainTextBytes == 0) {
      return new Additions(extracted, null, false);
    }
    PageTree.Text main = MainText.of(tree.get(), mainTextBytes);
    return new Additions(extracted, main.value(), main.cut() || tree.get().cut());
  }

  /** A page's tree, built when it is first needed. */
  private static final class LazyTree {

    private final String source;
    private final boolean xhtml;
    private final Document page;
    private final long maxBytes;
    private @Nullable PageTree made;

    LazyTree(String source, boolean xhtml, Document page, long maxBytes) {
      this.source = source;
      this.xhtml = xhtml;
      this.page = page;
      this.maxBytes = maxBytes;
    }

    PageTree get() {
      PageTree tree = made;
      if (tree == null) {
        tree = PageTree.of(source, xhtml, page, maxBytes);
        made = tree;
      }
      return tree;
    }
  }
}
