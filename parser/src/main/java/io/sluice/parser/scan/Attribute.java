package io.sluice.parser.scan;

import org.jspecify.annotations.Nullable;

/** The attributes that matter: those that describe a page or steer its parsing. */
public enum Attribute {
  HREF(0, "href"),
  XLINK_HREF(1, "xlink:href"),
  SRC(2, "src"),
  REL(3, "rel"),
  HREFLANG(4, "hreflang"),
  CHARSET(5, "charset"),
  HTTP_EQUIV(6, "http-equiv"),
  CONTENT(7, "content"),
  NAME(8, "name"),
  LANG(9, "lang"),
  XML_LANG(10, "xml:lang"),
  TYPE(11, "type"),
  COLOR(12, "color"),
  FACE(13, "face"),
  SIZE(14, "size"),
  STYLE(15, "style"),
  SRCSET(16, "srcset"),
  DATA(17, "data"),
  ACTION(18, "action"),
  ITEMTYPE(19, "itemtype"),
  ITEMPROP(20, "itemprop"),
  PROPERTY(21, "property");

  private static final int LONGEST = 10;

  /** The attributes by the length of their names. */
  private static final Attribute[][] BY_LENGTH = byLength();

  private final int place;
  private final String name;

  Attribute(int place, String name) {
    this.place = place;
    this.name = name;
  }

  private static Attribute[][] byLength() {
    Attribute[][] byLength = new Attribute[LONGEST + 1][];
    for (int length = 0; length <= LONGEST; length++) {
      int wanted = length;
      byLength[length] =
          java.util.Arrays.stream(values())
              .filter(one -> one.name.length() == wanted)
              .toArray(Attribute[]::new);
    }
    return byLength;
  }

  /** The name in lower case. */
  public String word() {
    return name;
  }

  /** Its index among the attributes, from 0. */
  int place() {
    return place;
  }

  /** The attribute with the given name, in any case; null if it is not one of these. */
  static @Nullable Attribute of(char[] buffer, int from, int to) {
    if (to - from > LONGEST) {
      return null;
    }
    for (Attribute one : BY_LENGTH[to - from]) {
      if (AsciiCase.matches(buffer, from, one.name)) {
        return one;
      }
    }
    return null;
  }
}
