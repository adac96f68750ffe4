package io.sluice.parser.rules;

import io.sluice.core.config.ExpressionCheck;
import io.sluice.core.config.ExtractField;
import io.sluice.core.config.ExtractField.Language;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions of the configuration. Thread-safe: stateless. */
public final class Expressions implements ExpressionCheck {

  /** Creates a checker of the configuration's expressions. */
  public Expressions() {}

  @Override
  public @Nullable String problem(Language language, String expression) {
    return switch (language) {
      case CSS -> CssSelector.problem(expression);
      case XPATH -> XPathSelector.problem(expression);
      case JSON_LD -> JsonLdSelector.problem(expression);
      case REGEX -> RegexSelector.problem(expression);
    };
  }

  /** Compiles the expression of a field; it must have been checked. */
  static Selector compile(ExtractField field) {
    boolean markup = field.type() == ExtractField.Type.HTML;
    return switch (field.language()) {
      case CSS -> new CssSelector(field.expression(), field.attribute(), markup);
      case XPATH -> new XPathSelector(field.expression(), markup);
      case JSON_LD -> new JsonLdSelector(field.expression());
      case REGEX -> new RegexSelector(field.expression(), field.inHtml());
    };
  }
}
