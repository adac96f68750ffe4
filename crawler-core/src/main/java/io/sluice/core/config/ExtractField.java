package io.sluice.core.config;

import io.sluice.core.text.EnumWord;
import org.jspecify.annotations.Nullable;

/**
 * One field that a rule takes from a page. Immutable.
 *
 * @param name its name in the output
 * @param language the language of the expression
 * @param expression the expression that finds the values
 * @param attribute the attribute of the found elements that is the value; null for their content.
 *     Only CSS selectors have one
 * @param inHtml whether a regular expression searches the page's markup instead of its text
 * @param type the type that the value is converted to
 * @param all whether every value is taken, as a list; otherwise the first one
 */
public record ExtractField(
    String name,
    Language language,
    String expression,
    @Nullable String attribute,
    boolean inHtml,
    Type type,
    boolean all) {

  /** The language of an expression. */
  public enum Language {
    /** A CSS selector, as jsoup defines it. */
    CSS("a CSS selector"),
    /** An XPath 1.0 expression. */
    XPATH("an XPath 1.0 expression"),
    /** A JSON path (RFC 9535, nearly), applied to the page's JSON-LD objects. */
    JSON_LD("a JSON path such as $.offers.price"),
    /** A regular expression that is matched in linear time: RE2's syntax. */
    REGEX("a regular expression in RE2 syntax");

    private final String words;

    Language(String words) {
      this.words = words;
    }

    /** The configuration's key for an expression of this language. */
    public String key() {
      return EnumWord.of(this);
    }

    /** What an expression of this language is, in words that continue "must be". */
    public String words() {
      return words;
    }
  }

  /** The type that a value is converted to. */
  public enum Type {
    TEXT,
    NUMBER,
    INTEGER,
    BOOLEAN,
    URL,
    DATE,
    HTML;

    /** The type as the configuration spells it. */
    public String key() {
      return EnumWord.of(this);
    }
  }
}
