package io.sluice.parser.extract;

import java.io.IOException;

/**
 * Collects text up to a maximum length, then stops its writer with an exception. Confined to one
 * call.
 */
public final class BoundedText implements Appendable {

  private final StringBuilder text = new StringBuilder();
  private final int maxCharacters;

  /** Creates an empty text that holds up to {@code maxCharacters} UTF-16 characters. */
  public BoundedText(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  @Override
  public Appendable append(CharSequence added) throws IOException {
    return append(added, 0, added.length());
  }

  @Override
  public Appendable append(CharSequence added, int from, int to) throws IOException {
    int room = maxCharacters - text.length();
    text.append(added, from, Math.min(to, from + room));
    if (to - from > room) {
      throw new IOException("the text is full");
    }
    return this;
  }

  @Override
  public Appendable append(char added) throws IOException {
    if (text.length() == maxCharacters) {
      throw new IOException("the text is full");
    }
    text.append(added);
    return this;
  }

  /** Whether nothing more fits. */
  public boolean isFull() {
    return text.length() == maxCharacters;
  }

  /** The text collected so far. */
  @Override
  public String toString() {
    return text.toString();
  }
}
