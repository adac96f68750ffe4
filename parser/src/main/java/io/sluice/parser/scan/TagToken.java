package io.sluice.parser.scan;

import java.util.function.Predicate;

/**
 * A tag as written in the page. One object is reused for all tags: read everything needed from a
 * tag before the next one is read. Confined to its scanner's thread.
 */
public class TagToken implements ElementAttributes {

  private static final int ATTRIBUTES = Attribute.values().length;

  private final int[] valueFrom = new int[ATTRIBUTES];
  private final int[] valueTo = new int[ATTRIBUTES];
  private final CharacterReferences references;

  /** Whether attributes are read, by the index of the tag. */
  private final boolean[] read;

  private char[] buffer = new char[0];
  private Tag tag = Tag.OTHER;
  private int nameFrom;
  private int nameTo;
  private int present;
  private int end;
  private boolean selfClosing;

  TagToken(CharacterReferences references) {
    this(references, readTags(tag -> false));
  }

  /**
   * @param read the result of {@link #readTags}
   */
  TagToken(CharacterReferences references, boolean[] read) {
    this.references = references;
    this.read = read;
  }

  /**
   * Whether a tag's attributes are kept, by the tag's index: those of tags for which they always
   * matter, and of further tags.
   */
  static boolean[] readTags(Predicate<Tag> further) {
    boolean[] read = new boolean[Tag.count()];
    for (Tag tag : Tag.values()) {
      read[tag.place()] = tag.is(Trait.READ) || further.test(tag);
    }
    return read;
  }

  /** A tag without attributes that the page implies. */
  static TagToken implied(Tag tag) {
    TagToken token = new TagToken(new CharacterReferences());
    token.tag = tag;
    return token;
  }

  /** Begins the next tag. */
  void begin(char[] page, Tag named, int from, int to) {
    buffer = page;
    tag = named;
    nameFrom = from;
    nameTo = to;
    end = to;
    present = 0;
    selfClosing = false;
  }

  /** Whether the values of this tag's attributes have to be kept. */
  boolean keepsAttributes() {
    return read[tag.place()];
  }

  /** Adds an attribute as written in the page; of several with one name, the first counts. */
  void attribute(int from, int to, int valueStart, int valueEnd) {
    Attribute attribute = Attribute.of(buffer, from, to);
    if (attribute != null && (present & (1 << attribute.place())) == 0) {
      present |= 1 << attribute.place();
      valueFrom[attribute.place()] = valueStart;
      valueTo[attribute.place()] = valueEnd;
    }
  }

  /** The end of the tag, and thus of its attributes. */
  int end() {
    return end;
  }

  void end(int at) {
    end = at;
  }

  void selfClosing(boolean ends) {
    selfClosing = ends;
  }

  /** The tag's name. */
  public Tag tag() {
    return tag;
  }

  int nameFrom() {
    return nameFrom;
  }

  int nameTo() {
    return nameTo;
  }

  /** Whether the tag ends in a solidus. */
  boolean selfClosing() {
    return selfClosing;
  }

  /** Whether the tag has an attribute, even one without a value. */
  public boolean has(Attribute attribute) {
    return (present & (1 << attribute.place())) != 0;
  }

  @Override
  public String value(Attribute attribute) {
    if (!has(attribute)) {
      return "";
    }
    int at = attribute.place();
    return references.attributeValue(buffer, valueFrom[at], valueTo[at]);
  }

  /** The tag's name as written in the page. */
  @Override
  public String toString() {
    return new String(buffer, nameFrom, nameTo - nameFrom);
  }
}
