package io.sluice.parser.decode;

import java.util.Arrays;

/**
 * A sample of a page for guessing its encoding: pieces of text that are not all ASCII, taken evenly
 * from the whole page, without markup, scripts and styles. Confined to its caller's thread.
 */
final class TextSample {

  /** Maximum length of a sample; ICU examines no more. */
  private static final int MAX_BYTES = 8_000;

  /** Minimum length of a piece, in bytes; words keep their neighbours. */
  private static final int PIECE_BYTES = 200;

  /**
   * No byte below this is the second of a character in any encoding that may be guessed, so a piece
   * may end there.
   */
  private static final int NEVER_TRAIL = 0x30;

  private final byte[] bytes;
  private final int size;
  private final byte[] sample = new byte[MAX_BYTES];
  private int sampled;

  /** Bytes of the pieces that are not all ASCII: in total, and those read so far. */
  private long total;

  private long seen;

  private TextSample(byte[] bytes, int size) {
    this.bytes = bytes;
    this.size = size;
  }

  /** The sample of a page, at most 8,000 bytes. */
  static byte[] of(byte[] bytes, int size) {
    TextSample sample = new TextSample(bytes, size);
    sample.walk(false);
    sample.walk(true);
    return Arrays.copyOf(sample.sample, sample.sampled);
  }

  /** First pass: counts the bytes. Second pass: takes pieces, spread evenly. */
  private void walk(boolean take) {
    int at = 0;
    while (at < size) {
      int past = pastMarkup(at);
      if (past > at) {
        at = past;
        continue;
      }
      int start = at;
      boolean telling = false;
      do {
        telling |= bytes[at] < 0;
        at++;
      } while (at < size
          && !(at - start >= PIECE_BYTES && bytes[at] >= 0 && bytes[at] < NEVER_TRAIL)
          && pastMarkup(at) == at);
      if (telling) {
        piece(start, at, take);
      }
    }
  }

  private void piece(int start, int end, boolean take) {
    int length = end - start;
    if (!take) {
      total += length;
      return;
    }
    seen += length;
    if ((double) sampled * total <= (double) seen * MAX_BYTES) {
      int fits = Math.min(length, MAX_BYTES - sampled);
      System.arraycopy(bytes, start, sample, sampled, fits);
      sampled += fits;
      if (sampled < MAX_BYTES) {
        sample[sampled++] = ' ';
      }
    }
  }

  /** The end of the markup that begins at {@code at}; {@code at} itself if there is text. */
  private int pastMarkup(int at) {
    if (bytes[at] != '<' || at + 1 == size) {
      return at;
    }
    if (startsWith(at, "<!--")) {
      return pastNext(at + 4, "-->");
    }
    byte next = bytes[at + 1];
    if (!isLetter(next) && next != '/' && next != '!' && next != '?') {
      return at;
    }
    int past = pastNext(at + 1, ">");
    if (startsWith(at, "<script")) {
      return pastNext(past, "</script");
    }
    return startsWith(at, "<style") ? pastNext(past, "</style") : past;
  }

  private int pastNext(int from, String wanted) {
    for (int i = from; i + wanted.length() <= size; i++) {
      if (startsWith(i, wanted)) {
        return i + wanted.length();
      }
    }
    return size;
  }

  /** Whether the bytes from {@code at} spell {@code lower}, in any case. */
  private boolean startsWith(int at, String lower) {
    if (at + lower.length() > size) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      char wanted = lower.charAt(i);
      byte found = bytes[at + i];
      if (found != wanted && !(isLetter(found) && (found | 0x20) == wanted)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }
}
