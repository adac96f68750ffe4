package io.sluice.parser.scan;

/**
 * Classifies elements by name and namespace (HTML standard, 13.2.4.2 and 13.2.6). Thread-safe:
 * stateless.
 */
final class Elements {

  private static final int FOREIGN_MARK = Trait.SCOPE | Trait.SPECIAL;

  private Elements() {}

  /** Whether an element's content is not displayed. */
  static boolean isInert(Tag tag, Namespace namespace) {
    return switch (tag) {
      case TEMPLATE, SCRIPT -> namespace == Namespace.HTML;
      case STYLE -> namespace != Namespace.MATH;
      default -> false;
    };
  }

  /** The {@link Trait}s of an element. */
  static int traitsOf(Tag tag, Namespace namespace) {
    if (namespace == Namespace.HTML) {
      return tag.traits();
    }
    return isTextIntegration(tag, namespace) || isHtmlIntegration(tag, namespace)
        ? FOREIGN_MARK
        : 0;
  }

  /** Whether an element is a MathML text integration point (13.2.6). */
  static boolean isTextIntegration(Tag tag, Namespace namespace) {
    return namespace == Namespace.MATH
        && switch (tag) {
          case MI, MO, MN, MS, MTEXT -> true;
          default -> false;
        };
  }

  /** Whether an element is an HTML integration point (13.2.6). */
  static boolean isHtmlIntegration(Tag tag, Namespace namespace) {
    return namespace == Namespace.SVG
        && switch (tag) {
          case DESC, FOREIGNOBJECT, TITLE -> true;
          default -> false;
        };
  }
}
