package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes encoders. Their reverse indexes, 1.2 MB if all are used, are built when a page in the
 * encoding has a link with a query. Thread-safe.
 */
final class Encoders {

  /** jis0208 pointers that Shift_JIS skips, because their characters also have other pointers. */
  private static final int SHIFT_JIS_DOUBLE_FIRST = 8_272;

  private static final int SHIFT_JIS_DOUBLE_LAST = 8_835;

  /** Big5 encodes nothing below this pointer: those characters belong to Hong Kong's extension. */
  private static final int BIG5_FIRST = (0xA1 - 0x81) * 157;

  private static final Map<String, ReverseIndex> INDEXES = new ConcurrentHashMap<>();

  private Encoders() {}

  /**
   * An encoder for the encoding that the standard calls {@code name}; null if its output is UTF-8.
   */
  static @Nullable QueryEncoder of(String name) {
    return switch (name) {
      case "UTF-8", "UTF-16BE", "UTF-16LE", "replacement" -> null;
      case "GBK" -> new Gb18030Encoder(index("gb18030"), true);
      case "gb18030" -> new Gb18030Encoder(index("gb18030"), false);
      case "Big5" -> new Big5Encoder(index("big5"));
      case "EUC-JP" -> new EucJpEncoder(index("jis0208"));
      case "ISO-2022-JP" -> new Iso2022JpEncoder(index("jis0208"));
      case "Shift_JIS" -> new ShiftJisEncoder(index("Shift_JIS"));
      case "EUC-KR" -> new EucKrEncoder(index("euc-kr"));
      case "x-user-defined" -> SingleByteEncoder.userDefined();
      case "ISO-8859-8-I" -> new SingleByteEncoder(index("iso-8859-8"));
      default -> new SingleByteEncoder(index(name.toLowerCase(Locale.ROOT)));
    };
  }

  private static ReverseIndex index(String name) {
    return INDEXES.computeIfAbsent(name, Encoders::reverse);
  }

  private static ReverseIndex reverse(String name) {
    return switch (name) {
      case "big5" -> ReverseIndex.of(EncodingIndexes.of(name), p -> p >= BIG5_FIRST);
      case "Shift_JIS" ->
          ReverseIndex.of(
              EncodingIndexes.of("jis0208"),
              p -> p < SHIFT_JIS_DOUBLE_FIRST || p > SHIFT_JIS_DOUBLE_LAST);
      default -> ReverseIndex.of(EncodingIndexes.of(name), _ -> true);
    };
  }
}
