package io.sluice.parser.addition;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.language.LanguageDetector;
import io.sluice.parser.maintext.MainText;
import io.sluice.parser.markdown.Markdown;
import io.sluice.parser.rules.Extracted;
import io.sluice.parser.rules.ExtractionRules;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the optional parts of an HTML or XHTML page: the operator's fields, the main text, its
 * Markdown, and the language of its text. Costs nothing if all are off. Confined to its worker's
 * thread.
 */
public final class AdditionReader {

  private static final int FIRST_SUCCESS = 200;
  private static final int FIRST_REDIRECT = 300;

  /** Trees held at once: jsoup's, the W3C copy for XPath, and the JDK's node table. */
  private static final int TREES_WITH_XPATH = 3;

  private static final ExtractionRules NO_RULES =
      ExtractionRules.compile(List.of(), (_, _) -> () -> {});

  private final ExtractionRules rules;
  private final Texts texts;
  private final long maxTreeBytes;
  private final @Nullable LanguageDetector languages;

  /**
   * The forms of the main text that are read.
   *
   * @param plain whether as text
   * @param markdown whether as Markdown
   * @param maxBytes maximum length of each in UTF-8 bytes
   */
  public record Texts(boolean plain, boolean markdown, int maxBytes) {

    /** Neither form. */
    public static final Texts NONE = new Texts(false, false, 0);

    boolean any() {
      return plain || markdown;
    }
  }

  /**
   * @param rules the operator's rules
   * @param texts the forms of the main text that are read
   * @param maxTreeBytes maximum memory of all trees of a page together
   * @param languages detects the language of the text; null if that is off
   */
  public AdditionReader(
      ExtractionRules rules, Texts texts, long maxTreeBytes, @Nullable LanguageDetector languages) {
    this.languages = languages;
    this.texts = texts;
    this.rules = rules;
    this.maxTreeBytes = maxTreeBytes;
  }

  /** A reader that reads nothing, for a configuration with all parts off. */
  public static AdditionReader none() {
    return new AdditionReader(NO_RULES, Texts.NONE, 0, null);
  }

  /**
   * A reader of the parts that a configuration turns on.
   *
   * @param missing as {@link ExtractionRules#compile} takes it
   * @param maxTreeBytes maximum memory of all trees of a page together
   */
  public static AdditionReader of(
      SluiceConfig config, BiFunction<String, String, Runnable> missing, long maxTreeBytes) {
    ParserSettings parser = config.parser();
    Texts texts = new Texts(parser.mainText(), parser.markdown(), parser.maxTextBytes());
    return new AdditionReader(
        ExtractionRules.compile(config.extract(), missing),
        texts,
        maxTreeBytes,
        parser.detectedLanguage() ? new LanguageDetector() : null);
  }

  /**
   * Reads a page.
   *
   * @param page the page's URL and encoding
   * @param status its HTTP status; rules apply only to pages with a 2xx status
   * @param source the decoded page
   * @param xhtml whether it is well-formed XHTML
   * @param text the page's text without markup
   */
  public Additions read(Document page, int status, String source, boolean xhtml, String text) {
    Url url = page.url();
    boolean success = status >= FIRST_SUCCESS && status < FIRST_REDIRECT;
    ExtractionRules matching = success ? rules.matching(url) : NO_RULES;
    if (matching.isEmpty() && !texts.any()) {
      return languages == null
          ? Additions.NONE
          : new Additions(null, null, null, detected(languages, text));
    }
    long maxBytes = matching.useXpath() ? maxTreeBytes / TREES_WITH_XPATH : maxTreeBytes;
    LazyTree tree = new LazyTree(source, xhtml, page, maxBytes);
    Extracted extracted =
        matching.isEmpty() ? null : matching.extract(url, source, text, tree::get);
    MainText.Found main = texts.any() ? MainText.find(tree.get(), texts.maxBytes()) : null;
    Additions.Detected language =
        languages == null ? null : detected(languages, main == null ? text : main.text().value());
    return main == null
        ? new Additions(extracted, null, null, language)
        : withMainText(tree.get(), main, extracted, language);
  }

  private static Additions.Detected detected(LanguageDetector languages, String text) {
    return new Additions.Detected(languages.detect(text));
  }

  private Additions withMainText(
      PageTree tree,
      MainText.Found main,
      @Nullable Extracted extracted,
      Additions.@Nullable Detected language) {
    PageTree.Text plain = texts.plain() ? main.text() : null;
    PageTree.Text markdown =
        texts.markdown() ? Markdown.of(tree, main.place(), texts.maxBytes(), main.leftOut()) : null;
    return new Additions(extracted, ofTree(tree, plain), ofTree(tree, markdown), language);
  }

  /** A text that counts as cut if its tree is. */
  private static PageTree.@Nullable Text ofTree(PageTree tree, PageTree.@Nullable Text text) {
    return text == null || !tree.cut() ? text : new PageTree.Text(text.value(), true);
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
