package io.sluice.parser.scan;

/**
 * The tag names that tree construction or an extraction knows; all others are {@link #OTHER}.
 * Immutable.
 */
public enum Tag {
  /** A name that plays no part in tree construction, such as a custom element's. */
  OTHER(0, ""),
  A(1, "a", Trait.FORMATTING | Trait.READ),
  ABBR(2, "abbr"),
  ADDRESS(3, "address", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  ANNOTATION_XML(4, "annotation-xml"),
  APPLET(5, "applet", Trait.SPECIAL | Trait.SCOPE | Trait.BLOCK),
  AREA(6, "area", Trait.SPECIAL | Trait.VOID | Trait.READ),
  ARTICLE(7, "article", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  ASIDE(8, "aside", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  B(9, "b", Trait.FORMATTING | Trait.BREAKS_OUT),
  BASE(10, "base", Trait.SPECIAL | Trait.VOID | Trait.IN_HEAD | Trait.READ),
  BASEFONT(11, "basefont", Trait.SPECIAL | Trait.VOID | Trait.IN_HEAD),
  BGSOUND(12, "bgsound", Trait.SPECIAL | Trait.VOID | Trait.IN_HEAD),
  BIG(13, "big", Trait.FORMATTING | Trait.BREAKS_OUT),
  BLOCKQUOTE(
      14,
      "blockquote",
      Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER | Trait.BREAKS_OUT),
  BODY(15, "body", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT),
  BR(16, "br", Trait.SPECIAL | Trait.VOID | Trait.BREAKS_OUT),
  BUTTON(17, "button", Trait.SPECIAL | Trait.BUTTON_SCOPE | Trait.CLOSER),
  CAPTION(
      18,
      "caption",
      Trait.SPECIAL | Trait.SCOPE | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  CENTER(
      19, "center", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER | Trait.BREAKS_OUT),
  CITE(20, "cite"),
  CODE(21, "code", Trait.FORMATTING | Trait.BREAKS_OUT),
  COL(22, "col", Trait.SPECIAL | Trait.BLOCK | Trait.VOID | Trait.TABLE_PART),
  COLGROUP(23, "colgroup", Trait.SPECIAL | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  DD(
      24,
      "dd",
      Trait.SPECIAL | Trait.IMPLIED_END | Trait.THOROUGH_END | Trait.BLOCK | Trait.BREAKS_OUT),
  DEL(25, "del"),
  DESC(26, "desc"),
  DETAILS(27, "details", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  DFN(28, "dfn"),
  DIALOG(29, "dialog", Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  DIR(30, "dir", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  DIV(31, "div", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER | Trait.BREAKS_OUT),
  DL(32, "dl", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER | Trait.BREAKS_OUT),
  DT(
      33,
      "dt",
      Trait.SPECIAL | Trait.IMPLIED_END | Trait.THOROUGH_END | Trait.BLOCK | Trait.BREAKS_OUT),
  EM(34, "em", Trait.FORMATTING | Trait.BREAKS_OUT),
  EMBED(35, "embed", Trait.SPECIAL | Trait.VOID | Trait.BREAKS_OUT),
  FEMERGE(36, "femerge"),
  FEMERGENODE(37, "femergenode"),
  FIELDSET(38, "fieldset", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  FIGCAPTION(39, "figcaption", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  FIGURE(40, "figure", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  FONT(41, "font", Trait.FORMATTING | Trait.READ),
  FOOTER(42, "footer", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  FOREIGNOBJECT(43, "foreignobject"),
  FORM(44, "form", Trait.SPECIAL | Trait.BLOCK),
  FRAME(45, "frame", Trait.SPECIAL | Trait.BLOCK | Trait.VOID | Trait.READ),
  FRAMESET(46, "frameset", Trait.SPECIAL | Trait.BLOCK),
  H1(47, "h1", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  H2(48, "h2", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  H3(49, "h3", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  H4(50, "h4", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  H5(51, "h5", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  H6(52, "h6", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT | Trait.HEADING),
  HEAD(53, "head", Trait.SPECIAL | Trait.BLOCK | Trait.BREAKS_OUT),
  HEADER(54, "header", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  HGROUP(55, "hgroup", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  HR(56, "hr", Trait.SPECIAL | Trait.BLOCK | Trait.VOID | Trait.BREAKS_OUT),
  HTML(57, "html", Trait.SPECIAL | Trait.SCOPE | Trait.TABLE_SCOPE | Trait.BLOCK | Trait.READ),
  I(58, "i", Trait.FORMATTING | Trait.BREAKS_OUT),
  IFRAME(59, "iframe", Trait.SPECIAL | Trait.READ),
  IMAGE(60, "image"),
  IMG(61, "img", Trait.SPECIAL | Trait.VOID | Trait.BREAKS_OUT),
  INPUT(62, "input", Trait.SPECIAL | Trait.VOID | Trait.READ),
  INS(63, "ins"),
  KBD(64, "kbd"),
  KEYGEN(65, "keygen", Trait.SPECIAL | Trait.VOID),
  LABEL(66, "label"),
  LI(
      67,
      "li",
      Trait.SPECIAL | Trait.IMPLIED_END | Trait.THOROUGH_END | Trait.BLOCK | Trait.BREAKS_OUT),
  LINK(68, "link", Trait.SPECIAL | Trait.BLOCK | Trait.VOID | Trait.IN_HEAD | Trait.READ),
  LISTING(69, "listing", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSER | Trait.BREAKS_OUT),
  MAIN(70, "main", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  MALIGNMARK(71, "malignmark"),
  MARQUEE(72, "marquee", Trait.SPECIAL | Trait.SCOPE | Trait.BLOCK),
  MATH(73, "math"),
  MENU(74, "menu", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER | Trait.BREAKS_OUT),
  META(
      75,
      "meta",
      Trait.SPECIAL | Trait.BLOCK | Trait.VOID | Trait.IN_HEAD | Trait.BREAKS_OUT | Trait.READ),
  MGLYPH(76, "mglyph"),
  MI(77, "mi"),
  MN(78, "mn"),
  MO(79, "mo"),
  MS(80, "ms"),
  MTEXT(81, "mtext"),
  NAV(82, "nav", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  NOBR(83, "nobr", Trait.FORMATTING | Trait.BREAKS_OUT),
  NOEMBED(84, "noembed", Trait.SPECIAL),
  NOFRAMES(85, "noframes", Trait.SPECIAL | Trait.BLOCK | Trait.IN_HEAD),
  NOSCRIPT(86, "noscript", Trait.SPECIAL | Trait.BLOCK),
  OBJECT(87, "object", Trait.SPECIAL | Trait.SCOPE),
  OL(
      88,
      "ol",
      Trait.SPECIAL
          | Trait.LIST_SCOPE
          | Trait.BLOCK
          | Trait.CLOSES_P
          | Trait.CLOSER
          | Trait.BREAKS_OUT),
  OPTGROUP(89, "optgroup", Trait.IMPLIED_END | Trait.THOROUGH_END),
  OPTION(90, "option", Trait.IMPLIED_END | Trait.THOROUGH_END),
  P(
      91,
      "p",
      Trait.SPECIAL
          | Trait.IMPLIED_END
          | Trait.THOROUGH_END
          | Trait.BLOCK
          | Trait.CLOSES_P
          | Trait.BREAKS_OUT),
  PARAM(92, "param", Trait.SPECIAL | Trait.VOID),
  PLAINTEXT(93, "plaintext", Trait.SPECIAL | Trait.BLOCK),
  PRE(94, "pre", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSER | Trait.BREAKS_OUT),
  Q(95, "q"),
  RB(96, "rb", Trait.IMPLIED_END | Trait.THOROUGH_END),
  RP(97, "rp", Trait.IMPLIED_END | Trait.THOROUGH_END),
  RT(98, "rt", Trait.IMPLIED_END | Trait.THOROUGH_END),
  RTC(99, "rtc", Trait.IMPLIED_END | Trait.THOROUGH_END),
  RUBY(100, "ruby", Trait.BREAKS_OUT),
  S(101, "s", Trait.FORMATTING | Trait.BREAKS_OUT),
  SAMP(102, "samp"),
  SCRIPT(103, "script", Trait.SPECIAL | Trait.BLOCK | Trait.IN_HEAD),
  SEARCH(104, "search", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  SECTION(105, "section", Trait.SPECIAL | Trait.BLOCK | Trait.CLOSES_P | Trait.CLOSER),
  SELECT(106, "select", Trait.SPECIAL | Trait.SCOPE | Trait.CLOSER),
  SMALL(107, "small", Trait.FORMATTING | Trait.BREAKS_OUT),
  SOURCE(108, "source", Trait.SPECIAL | Trait.VOID),
  SPAN(109, "span", Trait.BREAKS_OUT),
  STRIKE(110, "strike", Trait.FORMATTING | Trait.BREAKS_OUT),
  STRONG(111, "strong", Trait.FORMATTING | Trait.BREAKS_OUT),
  STYLE(112, "style", Trait.SPECIAL | Trait.BLOCK | Trait.IN_HEAD),
  SUB(113, "sub", Trait.BREAKS_OUT),
  SUMMARY(114, "summary", Trait.SPECIAL | Trait.CLOSES_P | Trait.CLOSER),
  SUP(115, "sup", Trait.BREAKS_OUT),
  SVG(116, "svg"),
  TABLE(
      117,
      "table",
      Trait.SPECIAL | Trait.SCOPE | Trait.TABLE_SCOPE | Trait.BLOCK | Trait.BREAKS_OUT),
  TBODY(118, "tbody", Trait.SPECIAL | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  TD(119, "td", Trait.SPECIAL | Trait.SCOPE | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  TEMPLATE(
      120,
      "template",
      Trait.SPECIAL | Trait.SCOPE | Trait.TABLE_SCOPE | Trait.BLOCK | Trait.IN_HEAD),
  TEXTAREA(121, "textarea", Trait.SPECIAL),
  TFOOT(122, "tfoot", Trait.SPECIAL | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  TH(123, "th", Trait.SPECIAL | Trait.SCOPE | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  THEAD(124, "thead", Trait.SPECIAL | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  TIME(125, "time"),
  TITLE(126, "title", Trait.SPECIAL | Trait.BLOCK | Trait.IN_HEAD),
  TR(127, "tr", Trait.SPECIAL | Trait.THOROUGH_END | Trait.BLOCK | Trait.TABLE_PART),
  TRACK(128, "track", Trait.SPECIAL | Trait.VOID),
  TT(129, "tt", Trait.FORMATTING | Trait.BREAKS_OUT),
  U(130, "u", Trait.FORMATTING | Trait.BREAKS_OUT),
  UL(
      131,
      "ul",
      Trait.SPECIAL
          | Trait.LIST_SCOPE
          | Trait.BLOCK
          | Trait.CLOSES_P
          | Trait.CLOSER
          | Trait.BREAKS_OUT),
  VAR(132, "var", Trait.BREAKS_OUT),
  WBR(133, "wbr", Trait.SPECIAL | Trait.VOID),
  XMP(134, "xmp", Trait.SPECIAL);

  private static final int COUNT = values().length;

  private final int place;
  private final String word;
  private final int traits;

  Tag(int place, String word) {
    this(place, word, 0);
  }

  Tag(int place, String word, int traits) {
    this.place = place;
    this.word = word;
    this.traits = traits;
  }

  /** The name in lower case; empty for {@link #OTHER}. */
  public String word() {
    return word;
  }

  /** Its index among the tags, from 0. */
  int place() {
    return place;
  }

  /** The number of tags. */
  static int count() {
    return COUNT;
  }

  /** The {@link Trait}s that an HTML element of this name has. */
  int traits() {
    return traits;
  }

  /** Whether an HTML element of this name has a trait. */
  boolean is(int trait) {
    return (traits & trait) != 0;
  }

  /** Whether an HTML element of this name occupies lines of its own. */
  public boolean isBlock() {
    return is(Trait.BLOCK);
  }
}
