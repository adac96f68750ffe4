package io.sluice.parser.rules;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.spi.json.JsonProvider;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.BoundedText;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.extract.Utf8Bound;
import io.sluice.parser.extract.WellFormed;
import io.sluice.parser.reference.JsonLd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jsoup.SerializationException;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/**
 * A page that a rule matches, in the forms that expressions need; each form is built once. Confined
 * to its worker's thread.
 */
final class RuledPage {

  /** Maximum length of one value in UTF-8 bytes; the rest is cut off. */
  static final int MAX_VALUE_BYTES = 64 << 10;

  /** Maximum number of a page's JSON-LD objects that are searched. */
  private static final int MAX_OBJECTS = 1_000;

  /** Maximum total length of a page's JSON-LD, in characters. */
  static final int MAX_JSON = 1 << 20;

  /**
   * Maximum length of a name in JSON-LD, in characters; the path to a value contains all names on
   * it.
   */
  private static final int MAX_NAME = 256;

  /** Maximum number of nodes of a page for XPath; large pages have 20,000. */
  static final int MAX_XPATH_NODES = 50_000;

  private final String source;
  private final String text;
  private final Supplier<PageTree> trees;
  private @Nullable PageTree tree;
  private @Nullable Document xpathTree;
  private @Nullable List<Object> jsonLd;
  private final RuleTime time;
  private boolean cut;

  /**
   * @param source the decoded page
   * @param text the page's text without markup
   * @param trees returns the page's tree, building it at the first call
   * @param time limits what all rules together may take
   */
  RuledPage(String source, String text, Supplier<PageTree> trees, RuleTime time) {
    this.source = source;
    this.text = text;
    this.trees = trees;
    this.time = time;
  }

  String source() {
    return source;
  }

  String text() {
    return text;
  }

  PageTree tree() {
    PageTree made = tree;
    if (made == null) {
      made = trees.get();
      tree = made;
      cut |= made.cut();
    }
    return made;
  }

  /** The time limit of the page's rules. */
  RuleTime time() {
    return time;
  }

  /** Notes that something was left out. */
  void cutOff() {
    cut = true;
  }

  /**
   * The tree as a W3C document, for XPath; its nodes lead back to the elements that they were made
   * from. Null if the page has too many nodes: a running XPath cannot be stopped, and some take
   * time proportional to the square of their number.
   */
  @Nullable Document xpathTree() {
    Document made = xpathTree;
    if (made == null) {
      if (tree().document().nodeStream().limit(MAX_XPATH_NODES + 1L).count() > MAX_XPATH_NODES) {
        cut = true;
        return null;
      }
      made = new W3CDom().namespaceAware(false).fromJsoup(tree().document());
      xpathTree = made;
    }
    return made;
  }

  /** The absolute URL of a reference on the page; null if it is not an http or https URL. */
  @Nullable Url resolve(String reference) {
    return tree().resolve(reference);
  }

  /** Whether the page was too large for its tree, or a value was cut. */
  boolean cut() {
    return cut;
  }

  /**
   * The page's JSON-LD objects in document order: one per script or, if the script is a list or an
   * object with {@code @graph}, its items. Scripts that are not JSON, or have a name longer than
   * {@link #MAX_NAME}, are skipped.
   */
  List<Object> jsonLd() {
    List<Object> made = jsonLd;
    if (made == null) {
      made = new ArrayList<>();
      int left = MAX_JSON;
      for (Element script : tree().document().getElementsByTag("script")) {
        if (!JsonLd.isType(script.attr("type"))) {
          continue;
        }
        // A script's content is text in XHTML and data in HTML.
        String json = script.data().isEmpty() ? script.wholeText() : script.data();
        left -= json.length();
        if (left < 0) {
          cut = true;
          break;
        }
        objects(parse(json), made);
      }
      jsonLd = made;
    }
    return made;
  }

  private static @Nullable Object parse(String json) {
    JsonProvider provider = Configuration.defaultConfiguration().jsonProvider();
    try {
      Object parsed = provider.parse(json);
      return hasLongName(parsed) ? null : parsed;
    } catch (JsonPathException | StackOverflowError e) {
      return null; // not JSON, or nested deeper than anyone writes
    }
  }

  private static boolean hasLongName(@Nullable Object json) {
    return switch (json) {
      case List<?> items -> items.stream().anyMatch(RuledPage::hasLongName);
      case Map<?, ?> object ->
          object.entrySet().stream()
              .anyMatch(
                  entry ->
                      String.valueOf(entry.getKey()).length() > MAX_NAME
                          || hasLongName(entry.getValue()));
      case null, default -> false;
    };
  }

  private void objects(@Nullable Object json, List<Object> into) {
    if (into.size() >= MAX_OBJECTS) {
      cut = true;
      return;
    }
    switch (json) {
      case List<?> items -> items.forEach(item -> objects(item, into));
      case Map<?, ?> object when object.get("@graph") instanceof List<?> items ->
          items.forEach(item -> objects(item, into));
      case Map<?, ?> object -> into.add(object);
      case null, default -> {}
    }
  }

  /** An element's text, in the same form as a page's text. */
  String text(Element element) {
    PageTree.Text found = tree().text(element, MAX_VALUE_BYTES, _ -> false);
    cut |= found.cut();
    return found.value();
  }

  /** An element as HTML, including its own tags. */
  String markup(Element element) {
    BoundedText markup = new BoundedText(MAX_VALUE_BYTES);
    try {
      element.outerHtml(markup);
    } catch (SerializationException e) {
      cut = true; // the value has reached its maximum length
    }
    return bounded(markup.toString());
  }

  /** A value made well-formed, and cut to the maximum length. */
  String bounded(String value) {
    String fitting = Utf8Bound.cut(WellFormed.of(value), MAX_VALUE_BYTES);
    cut |= fitting.length() < value.length();
    return fitting;
  }
}
