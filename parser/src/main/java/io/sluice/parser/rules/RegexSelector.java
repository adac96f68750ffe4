package io.sluice.parser.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds text by a regular expression, in time linear in the text (RE2): no page can make it
 * backtrack. The value is the first group or, if the expression has none, the whole match.
 */
final class RegexSelector implements Selector {

  /** Maximum length of the part of a page that is searched, in characters. */
  static final int MAX_SEARCHED = 1 << 20;

  private final Pattern pattern;
  private final boolean inHtml;

  /**
   * @param inHtml whether to search the markup instead of the text
   */
  RegexSelector(String regex, boolean inHtml) {
    this.pattern = Pattern.compile(regex);
    this.inHtml = inHtml;
  }

  /** The reason why a text is not a valid expression; null if it is valid. */
  static @Nullable String problem(String regex) {
    try {
      var _ = Pattern.compile(regex);
      return null;
    } catch (PatternSyntaxException e) {
      return e.getDescription() + ": " + e.getPattern();
    }
  }

  @Override
  public List<Raw> select(RuledPage page, int most) {
    String whole = inHtml ? page.source() : page.text();
    String searched = whole.substring(0, Math.min(whole.length(), MAX_SEARCHED));
    Matcher matcher = pattern.matcher(searched);
    int group = Math.min(1, matcher.groupCount());
    List<Raw> values = new ArrayList<>();
    while (values.size() < most && matcher.find()) {
      String value = matcher.group(group);
      if (value != null && !value.isBlank()) {
        values.add(new Raw(page.bounded(value.strip()), false));
      }
    }
    return values;
  }
}
