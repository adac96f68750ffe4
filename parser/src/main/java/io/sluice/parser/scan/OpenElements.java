package io.sluice.parser.scan;

import java.util.Arrays;

/**
 * The stack of open elements (HTML standard, 13.2.4.2); reports openings and closings to its
 * listener. Each element has a serial number, which the formatting list refers to. An element
 * removed from the middle stays as a ghost, hidden from searches, until everything above it is
 * closed, because in the tree it still contains those elements. Confined to its scanner's thread.
 */
final class OpenElements {

  /** Maximum number of open elements; beyond 512, jsoup closes some. */
  static final int MAX_DEPTH = 500;

  /** Minimum buffer length, in characters, for computing the number of search steps. */
  private static final int LEAST_PAGE = 1 << 12;

  /** Stands for a missing element. */
  static final int NONE = -1;

  /**
   * Maximum number of search steps per character of the buffer. Real pages take less than one; a
   * page whose stack is so deep that it takes more is parsed into a tree, whose memory is bounded.
   */
  private static final long MAX_STEPS = 32;

  private static final int GHOST = 1 << 30;

  private final PageEvents events;
  private final Tag[] tags = new Tag[MAX_DEPTH];
  private final Namespace[] namespaces = new Namespace[MAX_DEPTH];
  private final int[] traits = new int[MAX_DEPTH];
  private final int[] serials = new int[MAX_DEPTH];
  private final int[] nameFrom = new int[MAX_DEPTH];
  private final int[] nameLength = new int[MAX_DEPTH];
  private final int[] open = new int[Tag.count()];
  private char[] page = new char[0];
  private int size;
  private int ghosts;
  private int inert = NONE;
  private int serial;
  private boolean overflown;
  private long steps;
  private long maxSteps;

  OpenElements(PageEvents events) {
    this.events = events;
  }

  void clear() {
    size = 0;
    ghosts = 0;
    inert = NONE;
    serial = 0;
    overflown = false;
    steps = 0;
    maxSteps = MAX_STEPS * LEAST_PAGE;
    Arrays.fill(open, 0);
  }

  /** Sets the buffer that holds the names of the next tags. */
  void page(char[] buffer) {
    page = buffer;
    maxSteps = Math.max(maxSteps, MAX_STEPS * buffer.length);
  }

  int size() {
    return size;
  }

  /** Whether there were too many elements, or searching for them took too many steps. */
  boolean overflown() {
    return overflown || steps > maxSteps;
  }

  /** Whether an element that was removed from the middle still contains open ones. */
  boolean hasGhosts() {
    return ghosts > 0;
  }

  /** Whether content here is invisible. */
  boolean isInert() {
    return inert != NONE;
  }

  /** Whether the current node is invisible and its parent is visible. */
  boolean isTopInert() {
    return inert == size - 1;
  }

  /** A serial number for an element that is not on the stack. */
  int nextSerial() {
    return serial++;
  }

  /** Opens an element. */
  void push(Tag tag, Namespace namespace, TagToken token) {
    if (inert == NONE) {
      events.start(tag, namespace, token);
      if (Elements.isInert(tag, namespace)) {
        inert = size;
      }
    }
    put(size, tag, namespace, nextSerial());
    if (tag == Tag.OTHER && !overflown) {
      nameFrom[size - 1] = token.nameFrom();
      nameLength[size - 1] = token.nameTo() - token.nameFrom();
    }
  }

  /** Opens and closes an element without content. */
  void pushAndPop(Tag tag, Namespace namespace, TagToken token) {
    nextSerial();
    if (inert == NONE) {
      events.start(tag, namespace, token);
      if (!Elements.isInert(tag, namespace)) {
        events.end(tag, namespace);
      }
    }
  }

  /** Reopens a formatting element without reporting it. */
  int pushAgain(Tag tag) {
    int number = nextSerial();
    put(size, tag, Namespace.HTML, number);
    return number;
  }

  /** Inserts a formatting element into the stack without reporting it. */
  int insertAgain(int at, Tag tag) {
    int number = nextSerial();
    put(at, tag, Namespace.HTML, number);
    return number;
  }

  private void put(int at, Tag tag, Namespace namespace, int number) {
    if (size == MAX_DEPTH) {
      overflown = true;
      return;
    }
    if (at < size) {
      shift(at, at + 1);
    }
    tags[at] = tag;
    namespaces[at] = namespace;
    traits[at] = Elements.traitsOf(tag, namespace);
    serials[at] = number;
    count(at, 1);
    size++;
  }

  private void shift(int from, int to) {
    int length = size - from;
    if (length > 0) {
      System.arraycopy(tags, from, tags, to, length);
      System.arraycopy(namespaces, from, namespaces, to, length);
      System.arraycopy(traits, from, traits, to, length);
      System.arraycopy(serials, from, serials, to, length);
      System.arraycopy(nameFrom, from, nameFrom, to, length);
      System.arraycopy(nameLength, from, nameLength, to, length);
    }
  }

  private void count(int at, int change) {
    if (namespaces[at] == Namespace.HTML) {
      open[tags[at].place()] += change;
    }
  }

  /** Whether the current node is a MathML text integration point (13.2.6). */
  boolean inTextIntegration() {
    return Elements.isTextIntegration(tags[size - 1], namespaces[size - 1]);
  }

  /** Whether the current node is an HTML integration point (13.2.6). */
  boolean inHtmlIntegration() {
    return Elements.isHtmlIntegration(tags[size - 1], namespaces[size - 1]);
  }

  /** Closes the current node and the ghosts directly below it. */
  void pop() {
    popOne();
    while (size > 0 && (traits[size - 1] & GHOST) != 0) {
      ghosts--;
      popOne();
    }
  }

  private void popOne() {
    size--;
    if ((traits[size] & GHOST) == 0) {
      count(size, -1);
    }
    if (inert == size) {
      inert = NONE;
    } else if (inert == NONE) {
      events.end(tags[size], namespaces[size]);
    }
  }

  /** Closes elements until {@code depth} are left. */
  void popTo(int depth) {
    while (size > depth) {
      pop();
    }
  }

  /** Removes an element without reporting it. */
  void remove(int at) {
    count(at, -1);
    shift(at + 1, at);
    size--;
    if (inert > at) {
      inert--;
    }
  }

  /** Removes an element that still contains open ones. */
  void makeGhost(int at) {
    if (at == size - 1) {
      pop();
      return;
    }
    count(at, -1);
    traits[at] = GHOST;
    serials[at] = NONE;
    ghosts++;
  }

  /** Gives an element a new serial number, and returns it. */
  int renumber(int at) {
    serials[at] = nextSerial();
    return serials[at];
  }

  Tag tag(int at) {
    return tags[at];
  }

  int serial(int at) {
    return serials[at];
  }

  /** Whether an element was removed while it contained open ones. */
  boolean isGhost(int at) {
    return (traits[at] & GHOST) != 0;
  }

  boolean isHtml(int at) {
    return namespaces[at] == Namespace.HTML;
  }

  Namespace namespace(int at) {
    return namespaces[at];
  }

  /** Whether an element has a trait; ghosts have none. */
  boolean has(int at, int trait) {
    return (traits[at] & trait) != 0;
  }

  /** Whether an element is an HTML element with the given name. */
  boolean is(int at, Tag tag) {
    return tags[at] == tag && namespaces[at] == Namespace.HTML && (traits[at] & GHOST) == 0;
  }

  /** Whether an element has a tag's name, in any namespace. */
  boolean isNamed(int at, TagToken token) {
    if (tags[at] != token.tag() || (traits[at] & GHOST) != 0) {
      return false;
    }
    int length = token.nameTo() - token.nameFrom();
    return tags[at] != Tag.OTHER
        || (nameLength[at] == length
            && AsciiCase.same(page, nameFrom[at], token.nameFrom(), length));
  }

  /** Whether the current node is an HTML element with the given name. */
  boolean topIs(Tag tag) {
    return size > 0 && is(size - 1, tag);
  }

  /** Whether an HTML element with the given name is open. */
  boolean isOpen(Tag tag) {
    return open[tag.place()] > 0;
  }

  /** Whether an HTML element with a tag's name is open. */
  boolean isOpen(TagToken token) {
    if (token.tag() != Tag.OTHER) {
      return isOpen(token.tag());
    }
    int at = size - 1;
    while (at >= 0 && !(isHtml(at) && isNamed(at, token))) {
      at--;
    }
    steps += size - at;
    return at >= 0;
  }

  /** The index of an element; {@link #NONE} if it is not open. */
  int indexOf(int number) {
    int at = size - 1;
    while (at >= 0 && serials[at] != number) {
      at--;
    }
    steps += size - at;
    return number == NONE ? NONE : at;
  }

  /** Whether an element with the given name is in a scope (13.2.4.2). */
  boolean inScope(Tag tag, int boundaries) {
    if (open[tag.place()] == 0) {
      return false;
    }
    int at = size - 1;
    while (at >= 0 && !is(at, tag) && !has(at, boundaries)) {
      at--;
    }
    steps += size - at;
    return at >= 0 && is(at, tag);
  }

  boolean inScope(Tag tag) {
    return inScope(tag, Trait.SCOPE);
  }

  boolean inButtonScope(Tag tag) {
    return inScope(tag, Trait.SCOPE | Trait.BUTTON_SCOPE);
  }

  boolean inTableScope(Tag tag) {
    return inScope(tag, Trait.TABLE_SCOPE);
  }

  /** Closes elements up to and including the nearest one with the given name. */
  void popThrough(Tag tag) {
    while (size > 0) {
      boolean last = is(size - 1, tag);
      pop();
      if (last) {
        return;
      }
    }
  }

  /** Closes elements up to and including the nearest HTML element with a tag's name. */
  void popThrough(TagToken token) {
    while (size > 0) {
      boolean last = isHtml(size - 1) && isNamed(size - 1, token);
      pop();
      if (last) {
        return;
      }
    }
  }

  /** Closes elements whose end tag may be omitted (13.2.6.3), except those with the given name. */
  void closeImplied(Tag except) {
    while (size > 0 && has(size - 1, Trait.IMPLIED_END) && !is(size - 1, except)) {
      pop();
    }
  }

  void closeImplied() {
    closeImplied(Tag.OTHER);
  }
}
