package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An encoding of the WHATWG Encoding Standard; there is one object for each, so they may be
 * compared by identity. Its tables are built when first needed. Thread-safe.
 */
public final class Encoding {

  private static final Map<String, Encoding> BY_LABEL = load();

  /** UTF-8. */
  public static final Encoding UTF_8 = known("utf-8");

  /** UTF-16, the low byte first. */
  public static final Encoding UTF_16LE = known("utf-16le");

  /** UTF-16, the high byte first. */
  public static final Encoding UTF_16BE = known("utf-16be");

  /** The default if nothing else is known. */
  public static final Encoding WINDOWS_1252 = known("windows-1252");

  /** A 7-bit encoding that only its escape sequences distinguish from ASCII. */
  public static final Encoding ISO_2022_JP = known("iso-2022-jp");

  private final String name;
  private volatile @Nullable Decoder decoder;

  private Encoding(String name) {
    this.name = name;
  }

  /** The encoding that a label names (Encoding Standard, 4.2); null if it names none. */
  public static @Nullable Encoding ofLabel(String label) {
    return BY_LABEL.get(trimmed(label).toLowerCase(Locale.ROOT));
  }

  /** The standard's name. */
  public String name() {
    return name;
  }

  /**
   * Decodes {@code bytes[from, to)}, a whole text without a byte order mark; malformed input
   * becomes U+FFFD.
   */
  public String decode(byte[] bytes, int from, int to) {
    if (this == UTF_8) {
      return Utf8.decode(bytes, from, to);
    }
    char[] out = new char[to - from];
    return new String(out, 0, decoder().decode(bytes, from, to, out));
  }

  /**
   * A new encoder of queries into this encoding's output encoding (Encoding Standard, 4.3); null if
   * that is UTF-8, which the URL parser encodes by itself.
   */
  public @Nullable QueryEncoder queryEncoder() {
    return Encoders.of(name);
  }

  private Decoder decoder() {
    Decoder known = decoder;
    if (known == null) {
      known = Decoders.of(name);
      decoder = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return name;
  }

  /** A label without the ASCII whitespace around it. */
  private static String trimmed(String label) {
    int from = 0;
    int to = label.length();
    while (from < to && isSpace(label.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(label.charAt(to - 1))) {
      to--;
    }
    return label.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }

  private static Encoding known(String label) {
    return Objects.requireNonNull(BY_LABEL.get(label), label);
  }

  private static Map<String, Encoding> load() {
    try (InputStream in =
        Objects.requireNonNull(Encoding.class.getResourceAsStream("encodings.txt"))) {
      Map<String, Encoding> byLabel = new HashMap<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        List<String> words = List.of(line.split(" ", -1));
        Encoding encoding = new Encoding(words.getFirst());
        words.stream().skip(1).forEach(label -> byLabel.put(label, encoding));
      }
      return Map.copyOf(byLabel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read encodings.txt", e);
    }
  }
}
