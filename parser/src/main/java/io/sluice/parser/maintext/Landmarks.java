package io.sluice.parser.maintext;

import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * Recognises landmarks, the parts of a page around its main text: by element and ARIA role
 * (HTML-AAM, 4; WAI-ARIA 1.2, 5.3.4), and by words in ids and classes. Stateless.
 */
final class Landmarks {

  private static final Set<String> ELEMENTS =
      Set.of("nav", "footer", "aside", "dialog", "button", "select", "datalist", "menu", "search");

  private static final Set<String> ROLES =
      Set.of(
          "navigation",
          "banner",
          "contentinfo",
          "complementary",
          "search",
          "menu",
          "menubar",
          "dialog",
          "alertdialog",
          "toolbar");

  /** Whole words in an id or a class that mark a landmark. */
  private static final Set<String> WORDS =
      Set.of(
          "nav",
          "navbar",
          "navigation",
          "sidebar",
          "sphinxsidebar",
          "menu",
          "breadcrumb",
          "breadcrumbs",
          "footer",
          "masthead",
          "toc",
          "cookie",
          "cookies",
          "share",
          "social",
          "related",
          "pagination",
          "pager",
          "skip");

  private Landmarks() {}

  /** Whether an element is a landmark by its name or role, or is hidden. */
  static boolean declared(Element element) {
    String name = element.normalName();
    return ELEMENTS.contains(name)
        || (name.equals("header") && !isInContent(element))
        || ROLES.contains(element.attr("role").toLowerCase(Locale.ROOT))
        || element.hasAttr("hidden")
        || element.attr("aria-hidden").equals("true");
  }

  /** Whether an element is a landmark by its name, role, id or class, or is hidden. */
  static boolean declaredOrNamed(Element element) {
    return declared(element)
        || (element.isBlock() && (isNamed(element.id()) || isNamed(element.className())));
  }

  /**
   * The header of an article or a section contains its title; that of a page contains the site's
   * title.
   */
  private static boolean isInContent(Element element) {
    Element parent = element.parent();
    return parent != null
        && switch (parent.normalName()) {
          case "article", "section", "main" -> true;
          default -> parent.attr("role").equals("main");
        };
  }

  private static boolean isNamed(String names) {
    int from = 0;
    for (int at = 0; at <= names.length(); at++) {
      if (at == names.length() || !Character.isLetterOrDigit(names.charAt(at))) {
        if (at - from > 2 && WORDS.contains(names.substring(from, at).toLowerCase(Locale.ROOT))) {
          return true;
        }
        from = at + 1;
      }
    }
    return false;
  }
}
