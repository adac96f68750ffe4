package io.sluice.core.config;

import org.jspecify.annotations.Nullable;

/**
 * Checks whether an expression of section {@code extract} compiles. The parser, which evaluates
 * expressions, implements it, so that the configuration does not depend on the libraries for that.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface ExpressionCheck {

  /** Accepts everything: for tools that only look at a crawl and evaluate no expression. */
  ExpressionCheck NONE = (_, _) -> null;

  /** Why an expression does not compile, in a few words; null if it does. */
  @Nullable String problem(ExtractField.Language language, String expression);
}
