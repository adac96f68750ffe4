package io.sluice.parser.extract;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The fields and links to extract from a page besides the default ones; nothing else is searched
 * for. Immutable.
 *
 * @param fields the optional fields of its line
 * @param kinds kinds of links that are not taken by default: those of images, scripts, forms and
 *     others
 */
public record Wanted(Set<PageField> fields, Set<LinkKind> kinds) {

  /** Only the default links, title and text. */
  public static final Wanted NOTHING = new Wanted(Set.of(), Set.of());

  /** All optional fields and kinds of links. */
  public static final Wanted ALL =
      new Wanted(EnumSet.allOf(PageField.class), EnumSet.allOf(LinkKind.class));

  public Wanted {
    fields = Set.copyOf(fields);
    kinds = Set.copyOf(kinds);
  }

  /**
   * The fields and kinds that the configuration's words name.
   *
   * @param fieldWords words of {@link PageField}
   * @param kindWords words of {@link LinkKind}
   */
  static Wanted of(Collection<String> fieldWords, Collection<String> kindWords) {
    Set<PageField> fields = EnumSet.allOf(PageField.class);
    fields.removeIf(field -> !fieldWords.contains(field.word()));
    Set<LinkKind> kinds = EnumSet.allOf(LinkKind.class);
    kinds.removeIf(kind -> !kind.optional() || !kindWords.contains(kind.word()));
    return new Wanted(fields, kinds);
  }

  boolean has(PageField field) {
    return fields.contains(field);
  }

  boolean has(LinkKind kind) {
    return kinds.contains(kind);
  }

  /** Whether JSON-LD is read, for links or for metadata. */
  boolean readsJsonLd() {
    return has(LinkKind.JSON_LD) || has(PageField.JSON_LD) || has(PageField.META);
  }

  /** Whether the attributes of every element are needed. */
  boolean readsEveryElement() {
    return has(LinkKind.CSS) || has(PageField.MICRODATA);
  }
}
