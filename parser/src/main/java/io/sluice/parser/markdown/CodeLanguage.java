package io.sluice.parser.markdown;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Finds the language of a code block in classes: {@code language-x} or {@code lang-x} of the {@code
 * pre} or the {@code code} in it (HTML standard, 4.5.15), {@code highlight-x} or {@code
 * highlight-source-x} of the two elements around it, as Sphinx and GitHub write it. Stateless.
 */
final class CodeLanguage {

  private static final int AROUND = 2;

  /** Maximum number of characters read of a class attribute, since several blocks may read it. */
  private static final int MAX_CLASS_LENGTH = 1000;

  private static final Pattern CLASS =
      Pattern.compile(
          "(?:^|\\s)(?:language|lang|highlight-source|highlight)-([A-Za-z0-9_+#.-]{1,30})(?=\\s|$)");

  private CodeLanguage() {}

  /** The language's name; empty if there is none. */
  static String of(Element pre) {
    Element code = pre.firstElementChild();
    String language = code == null ? null : of(code.className());
    Element at = pre;
    for (int up = 0; up <= AROUND && at != null && language == null; up++) {
      language = of(at.className());
      at = at.parent();
    }
    return language == null || language.equals("default") || language.equals("none")
        ? ""
        : language;
  }

  private static @Nullable String of(String classes) {
    String read = classes.substring(0, Math.min(classes.length(), MAX_CLASS_LENGTH));
    Matcher matcher = CLASS.matcher(read);
    return matcher.find() ? matcher.group(1) : null;
  }
}
