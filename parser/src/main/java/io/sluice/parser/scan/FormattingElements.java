package io.sluice.parser.scan;

/**
 * The list of active formatting elements (HTML standard, 13.2.4.3): those that are reopened after
 * other elements have closed them. Confined to its scanner's thread.
 */
final class FormattingElements {

  /** Maximum number of entries; jsoup drops some beyond 512. */
  static final int MAX = 500;

  /** How many entries jsoup looks back, both for equal entries and for ones to reopen. */
  private static final int LOOK_BACK = 12;

  /** Equal entries kept: the standard's Noah's Ark clause. */
  private static final int EQUALS_KEPT = 3;

  /** Marks the start of an element that formatting from outside does not affect. */
  private static final int MARKER = -2;

  private final Tag[] tags = new Tag[MAX + 1];
  private final int[] serials = new int[MAX + 1];
  private final int[] attributesFrom = new int[MAX + 1];
  private final int[] attributesLength = new int[MAX + 1];
  private final boolean[] hidden = new boolean[MAX + 1];
  private char[] page = new char[0];
  private int size;
  private boolean overflown;
  private boolean shown;
  private boolean doubtful;
  private boolean partsLinks;

  void clear() {
    size = 0;
    overflown = false;
    shown = false;
    doubtful = false;
    partsLinks = false;
  }

  /** Sets the buffer that holds the attributes of the next tags. */
  void page(char[] buffer) {
    page = buffer;
  }

  boolean overflown() {
    return overflown;
  }

  /** Whether elements may be equal although their attributes are written differently. */
  boolean doubtful() {
    return doubtful;
  }

  /** Whether a link was reopened or moved. */
  boolean partsLinks() {
    return partsLinks;
  }

  /** Notes that a link was reopened or moved. */
  void partLinks() {
    partsLinks = true;
  }

  /** Whether an element that was not reported has been reopened where content is visible. */
  boolean shown() {
    return shown;
  }

  void addMarker() {
    add(size, Tag.OTHER, MARKER, 0, 0, false);
  }

  /** Removes the last marker and everything after it. */
  void clearToMarker() {
    while (size > 0) {
      size--;
      if (serials[size] == MARKER) {
        return;
      }
    }
  }

  /**
   * Adds an element; of four equal ones, removes the first.
   *
   * @param inert whether it was not reported
   */
  void push(TagToken token, int serial, boolean inert) {
    int from = token.nameTo();
    int length = attributesLength(from, token.end());
    int equal = 0;
    int perhaps = 0;
    for (int at = size - 1; at >= Math.max(0, size - 1 - LOOK_BACK); at--) {
      if (serials[at] == MARKER) {
        break;
      }
      if (tags[at] != token.tag()) {
        continue;
      }
      if (attributesLength[at] == length && sameText(attributesFrom[at], from, length)) {
        equal++;
      } else if (length > 0 && attributesLength[at] > 0) {
        perhaps++;
      }
      if (equal == EQUALS_KEPT) {
        remove(at);
        break;
      }
    }
    doubtful |= equal < EQUALS_KEPT && equal + perhaps >= EQUALS_KEPT;
    add(size, token.tag(), serial, from, length, inert);
  }

  /** The length of a tag's attributes as written; 0 if it has none. */
  private int attributesLength(int from, int to) {
    for (int at = from; at < to; at++) {
      if (page[at] != '/' && !AsciiCase.isSpace(page[at])) {
        return to - from;
      }
    }
    return 0;
  }

  private boolean sameText(int one, int other, int length) {
    for (int i = 0; i < length; i++) {
      if (page[one + i] != page[other + i]) {
        return false;
      }
    }
    return true;
  }

  private void add(int at, Tag tag, int serial, int from, int length, boolean inert) {
    if (size == MAX) {
      overflown = true;
      return;
    }
    shift(at, at + 1);
    tags[at] = tag;
    serials[at] = serial;
    attributesFrom[at] = from;
    attributesLength[at] = length;
    hidden[at] = inert;
    size++;
  }

  private void shift(int from, int to) {
    int length = size - from;
    System.arraycopy(tags, from, tags, to, length);
    System.arraycopy(serials, from, serials, to, length);
    System.arraycopy(attributesFrom, from, attributesFrom, to, length);
    System.arraycopy(attributesLength, from, attributesLength, to, length);
    System.arraycopy(hidden, from, hidden, to, length);
  }

  private void remove(int at) {
    shift(at + 1, at);
    size--;
  }

  /** Whether an element is the last in the list. */
  boolean isLast(int serial) {
    return size > 0 && serials[size - 1] == serial;
  }

  void removeLast() {
    size--;
  }

  /** The index of an element; -1 if it is not in the list. */
  int indexOf(int serial) {
    int at = size - 1;
    while (at >= 0 && serials[at] != serial) {
      at--;
    }
    return at;
  }

  /**
   * The index of the last element with the given name after the last marker; -1 if there is none.
   */
  int lastOf(Tag tag) {
    for (int at = size - 1; at >= 0 && serials[at] != MARKER; at--) {
      if (tags[at] == tag) {
        return at;
      }
    }
    return -1;
  }

  int serial(int at) {
    return serials[at];
  }

  Tag tag(int at) {
    return tags[at];
  }

  void removeElement(int serial) {
    int at = indexOf(serial);
    if (at >= 0) {
      remove(at);
    }
  }

  /** Replaces an element. */
  void replace(int serial, int replacement) {
    serials[indexOf(serial)] = replacement;
  }

  /**
   * Replaces an element; the replacement goes after {@code bookmark} if that is another element.
   */
  void replace(int serial, int replacement, int bookmark) {
    if (bookmark == serial) {
      replace(serial, replacement);
      return;
    }
    int from = indexOf(serial);
    Tag tag = tags[from];
    int attributes = attributesFrom[from];
    int length = attributesLength[from];
    boolean inert = hidden[from];
    remove(from);
    add(indexOf(bookmark) + 1, tag, replacement, attributes, length, inert);
  }

  /** Reopens the elements that are in the list but not open (13.2.4.3). */
  void reconstruct(OpenElements stack) {
    if (size == 0 || isOpen(size - 1, stack)) {
      return;
    }
    int first = size - 1;
    int lowest = Math.max(0, size - LOOK_BACK);
    while (first > lowest && !isOpen(first - 1, stack)) {
      first--;
    }
    for (int at = first; at < size; at++) {
      shown |= hidden[at] && !stack.isInert();
      partsLinks |= tags[at] == Tag.A;
      serials[at] = stack.pushAgain(tags[at]);
    }
  }

  private boolean isOpen(int at, OpenElements stack) {
    return serials[at] == MARKER || stack.indexOf(serials[at]) >= 0;
  }
}
