package io.sluice.parser.maintext;

import io.sluice.parser.extract.PageTree;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Finds a page's main text in three steps.
 *
 * <ol>
 *   <li>The place: the only {@code main} element or {@code role=main}; otherwise the only {@code
 *       article}; otherwise the body.
 *   <li>Landmarks are left out ({@link Landmarks}): navigation, header, footer, asides, hidden
 *       elements; if the place is the body, also elements whose id or class marks them as such.
 *   <li>If the place is the body, blocks that consist of links are left out ({@link LinkBlocks}).
 * </ol>
 *
 * <p>If this leaves nothing, the result is the place's text without its landmarks or, if that is
 * empty too, all of its text. Takes time linear in the page. Stateless.
 */
public final class MainText {

  private MainText() {}

  /**
   * The main text and where it stands.
   *
   * @param text the text, in the form of a page's text
   * @param place the element that holds it
   * @param leftOut the elements in it that are left out
   */
  public record Found(PageTree.Text text, Element place, Predicate<Element> leftOut) {}

  /**
   * The main text, in the form of a page's text.
   *
   * @param maxBytes maximum length in UTF-8 bytes; the rest is cut off
   */
  public static PageTree.Text of(PageTree tree, int maxBytes) {
    return find(tree, maxBytes).text();
  }

  /**
   * The main text and its place.
   *
   * @param maxBytes maximum length in UTF-8 bytes; the rest is cut off
   */
  public static Found find(PageTree tree, int maxBytes) {
    Element main = only(tree.document().select("main, [role=main]"));
    Element place = main == null ? only(tree.document().select("article")) : main;
    if (place != null) {
      return first(tree, place, maxBytes, List.of(Landmarks::declared));
    }
    Element body = tree.document().body();
    Predicate<Element> landmark = Landmarks::declaredOrNamed;
    Set<Element> links = LinkBlocks.of(body, landmark);
    return first(
        tree, body, maxBytes, List.of(landmark.or(links::contains), landmark, Landmarks::declared));
  }

  /** What the first of these rules finds that leaves any text. */
  private static Found first(
      PageTree tree, Element place, int maxBytes, List<Predicate<Element>> leftOut) {
    for (Predicate<Element> rule : leftOut) {
      PageTree.Text text = tree.text(place, maxBytes, rule);
      if (!text.value().isEmpty()) {
        return new Found(text, place, rule);
      }
    }
    Predicate<Element> nothing = _ -> false;
    return new Found(tree.text(place, maxBytes, nothing), place, nothing);
  }

  private static @Nullable Element only(List<Element> found) {
    return found.size() == 1 ? found.getFirst() : null;
  }
}
