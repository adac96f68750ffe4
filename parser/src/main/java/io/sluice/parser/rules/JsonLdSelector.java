package io.sluice.parser.rules;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.Option;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds values in a page's JSON-LD by a JSON path, which is applied to one object after another. If
 * the path finds a list, its items are the values. Texts, numbers and booleans are values; objects
 * are not.
 */
final class JsonLdSelector implements Selector {

  private final JsonPath path;
  private final boolean filters;

  JsonLdSelector(String path) {
    this.path = JsonPath.compile(path);
    this.filters = path.contains("?");
  }

  /** The reason why a text is not a valid path; null if it is valid. */
  static @Nullable String problem(String path) {
    if (!path.startsWith("$")) {
      return "it must begin with $, which stands for a JSON-LD object";
    }
    if (path.contains("=~")) {
      return "regular expressions in paths are not supported, since they backtrack";
    }
    if (!isClosed(path)) {
      return "it has an unmatched bracket";
    }
    try {
      var _ = JsonPath.compile(path);
      return null;
    } catch (InvalidPathException | IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Whether brackets outside of quotes are balanced: the library accepts some paths where they are
   * not.
   */
  private static boolean isClosed(String path) {
    int open = 0;
    char quote = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (quote != 0) {
        i += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else {
        open += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
        if (open < 0) {
          return false;
        }
      }
    }
    return open == 0 && quote == 0;
  }

  @Override
  public List<Raw> select(RuledPage page, int most) {
    List<Raw> values = new ArrayList<>();
    for (Object object : page.jsonLd()) {
      if (values.size() == most) {
        break;
      }
      // The library also reports each item that a filter examines, so these must not be counted.
      PathResults results = new PathResults(filters ? Integer.MAX_VALUE : most - values.size());
      add(page, values, read(object, page.time(), results), most);
      if (results.tooMuch()) {
        page.cutOff();
      }
    }
    return values;
  }

  private @Nullable Object read(Object object, RuleTime time, PathResults results) {
    Configuration lenient =
        Configuration.builder()
            .jsonProvider(new TimedJson(time))
            .evaluationListener(results)
            .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
            .build();
    try {
      Object found = path.read(object, lenient);
      time.check(); // the library suppresses this exception too
      return found;
    } catch (JsonPathException | ClassCastException e) {
      return null; // a function was applied to a value of the wrong type
    }
  }

  private static void add(RuledPage page, List<Raw> values, @Nullable Object found, int most) {
    switch (found) {
      case List<?> items -> {
        for (Object item : items) {
          if (values.size() < most) {
            add(page, values, item, most);
          }
        }
      }
      case String text when !text.isBlank() ->
          values.add(new Raw(page.bounded(text.strip()), false));
      case Number number -> values.add(new Raw(page.bounded(number.toString()), true));
      case Boolean flag -> values.add(new Raw(flag.toString(), true));
      case null, default -> {}
    }
  }
}
