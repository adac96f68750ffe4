package io.sluice.parser.rules;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector.SelectorParseException;
import org.jspecify.annotations.Nullable;

/**
 * Finds elements by a CSS selector, and takes their text, markup or an attribute. Confined to its
 * worker's thread: the results that jsoup caches for combinators are per thread.
 */
final class CssSelector implements Selector {

  private final Evaluator evaluator;

  private final @Nullable String attribute;
  private final boolean markup;

  /**
   * @param attribute the attribute whose value is taken; null for the content
   * @param markup whether the content is taken as HTML
   */
  CssSelector(String css, @Nullable String attribute, boolean markup) {
    this.evaluator = org.jsoup.select.Selector.evaluatorOf(css);
    this.attribute = attribute;
    this.markup = markup;
  }

  /** The reason why a text is not a valid selector; null if it is valid. */
  static @Nullable String problem(String css) {
    try {
      var _ = org.jsoup.select.Selector.evaluatorOf(css);
      return null;
    } catch (SelectorParseException | IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public List<Raw> select(RuledPage page, int most) {
    List<Raw> values = new ArrayList<>();
    Document document = page.tree().document();
    Iterator<Element> found = document.selectStream(new Timed(evaluator, page.time())).iterator();
    while (values.size() < most && found.hasNext()) {
      String value = value(page, found.next());
      if (!value.isBlank()) {
        values.add(new Raw(value, false));
      }
    }
    return values;
  }

  /** Checks the time limit before each element. */
  private static final class Timed extends Evaluator {

    private final Evaluator evaluator;
    private final RuleTime time;

    Timed(Evaluator evaluator, RuleTime time) {
      this.evaluator = evaluator;
      this.time = time;
    }

    @Override
    public boolean matches(Element root, Element element) {
      time.check();
      return evaluator.matches(root, element);
    }
  }

  private String value(RuledPage page, Element element) {
    if (attribute != null) {
      return page.bounded(element.attr(attribute));
    }
    return markup ? page.markup(element) : page.text(element);
  }
}
