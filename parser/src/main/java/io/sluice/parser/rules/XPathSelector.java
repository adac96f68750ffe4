package io.sluice.parser.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathEvaluationResult;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import javax.xml.xpath.XPathFactoryConfigurationException;
import javax.xml.xpath.XPathNodes;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Node;

/**
 * Finds nodes by an XPath 1.0 expression, or computes a string, number or boolean. Names are those
 * of the tree without namespaces: {@code //svg} finds what {@code svg} finds in CSS. The document
 * is made from jsoup's tree and not by an XML parser, so there are no entities to expand. Extension
 * functions are off.
 */
final class XPathSelector implements Selector {

  private final XPathExpression expression;
  private final boolean markup;

  /**
   * @param markup whether an element's content is taken as HTML
   */
  XPathSelector(String xpath, boolean markup) {
    try {
      this.expression = compile(xpath);
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(
          "the configuration check should have refused this expression", e);
    }
    this.markup = markup;
  }

  /** The reason why a text is not a valid expression; null if it is valid. */
  static @Nullable String problem(String xpath) {
    try {
      var _ = compile(xpath);
      return usesVariable(xpath) ? "it uses a variable, but none is defined" : null;
    } catch (XPathExpressionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return String.valueOf(cause.getMessage());
    }
  }

  /**
   * Whether a dollar sign occurs outside of a literal, where it begins a variable (XPath 1.0, 3.7).
   * The check is needed because variables are only looked up during evaluation.
   */
  private static boolean usesVariable(String xpath) {
    char quote = 0;
    for (int i = 0; i < xpath.length(); i++) {
      char c = xpath.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '$') {
        return true;
      }
    }
    return false;
  }

  private static XPathExpression compile(String xpath) throws XPathExpressionException {
    XPathFactory factory = XPathFactory.newDefaultInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    } catch (XPathFactoryConfigurationException e) {
      throw new IllegalStateException("this JDK's XPath has no secure processing", e);
    }
    XPath compiler = factory.newXPath();
    compiler.setNamespaceContext(new NoPrefixes());
    return compiler.compile(xpath);
  }

  /** Defines no prefixes, so an expression that uses one does not compile. */
  private static final class NoPrefixes implements NamespaceContext {
    @Override
    public @Nullable String getNamespaceURI(String prefix) {
      return null;
    }

    @Override
    public @Nullable String getPrefix(String namespace) {
      return null;
    }

    @Override
    public Iterator<String> getPrefixes(String namespace) {
      return Collections.emptyIterator();
    }
  }

  @Override
  public List<Raw> select(RuledPage page, int most) {
    org.w3c.dom.Document tree = page.xpathTree();
    if (tree == null) {
      return List.of();
    }
    XPathEvaluationResult<?> result;
    try {
      result = expression.evaluateExpression(tree);
    } catch (XPathExpressionException e) {
      return List.of(); // for example, a sum over nodes that this page lacks
    }
    List<Raw> values = new ArrayList<>();
    if (result.value() instanceof XPathNodes nodes) {
      for (Node node : nodes) {
        if (values.size() == most) {
          break;
        }
        add(values, value(page, node), false);
      }
    } else {
      boolean literal = result.type() != XPathEvaluationResult.XPathResultType.STRING;
      String text = String.valueOf(result.value());
      // XPath has no integers, but formats whole numbers without a fraction (4.2).
      boolean whole = result.value() instanceof Double && text.endsWith(".0");
      add(values, page.bounded(whole ? text.substring(0, text.length() - 2) : text), literal);
    }
    return values;
  }

  private static void add(List<Raw> values, String value, boolean literal) {
    if (!value.isBlank()) {
      values.add(new Raw(value, literal));
    }
  }

  private String value(RuledPage page, Node node) {
    if (node.getUserData(W3CDom.SourceProperty) instanceof Element element) {
      return markup ? page.markup(element) : page.text(element);
    }
    String text = node.getNodeValue();
    return text == null ? "" : page.bounded(text);
  }
}
