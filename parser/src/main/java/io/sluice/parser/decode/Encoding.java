package io.sluice.parser.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A character encoding of the WHATWG Encoding Standard. Immutable.
 *
 * @param name the standard's name
 * @param charset what decodes it here
 */
public record Encoding(String name, Charset charset) {

  private static final Map<String, Encoding> BY_LABEL = load();

  /** UTF-8. */
  public static final Encoding UTF_8 = known("utf-8");

  /** UTF-16, the low byte first. */
  public static final Encoding UTF_16LE = known("utf-16le");

  /** UTF-16, the high byte first. */
  public static final Encoding UTF_16BE = known("utf-16be");

  /** What is assumed where nothing else is known. */
  public static final Encoding WINDOWS_1252 = known("windows-1252");

  /** The encoding that a label names (Encoding Standard, 4.2); null where none does. */
  public static @Nullable Encoding ofLabel(String label) {
    return BY_LABEL.get(label.strip().toLowerCase(Locale.ROOT));
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
        Encoding encoding = new Encoding(words.get(0), Charset.forName(words.get(1)));
        words.stream().skip(2).forEach(label -> byLabel.put(label, encoding));
      }
      return Map.copyOf(byLabel);
    } catch (IOException e) {
      throw new UncheckedIOException("encodings.txt is not readable", e);
    }
  }
}
