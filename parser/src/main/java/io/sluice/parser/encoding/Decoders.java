package io.sluice.parser.encoding;

import java.util.Locale;

/** Makes the decoder of an encoding. Thread-safe: stateless. */
final class Decoders {

  private Decoders() {}

  /** The decoder of the encoding that the standard calls {@code name}, UTF-8 excepted. */
  static Decoder of(String name) {
    return switch (name) {
      case "GBK", "gb18030" -> new Gb18030Decoder();
      case "Big5" -> new Big5Decoder();
      case "EUC-JP" -> new EucJpDecoder();
      case "ISO-2022-JP" -> new Iso2022JpDecoder();
      case "Shift_JIS" -> new ShiftJisDecoder();
      case "EUC-KR" -> new EucKrDecoder();
      case "UTF-16BE" -> new Utf16Decoder(true);
      case "UTF-16LE" -> new Utf16Decoder(false);
      case "replacement" -> Decoders::replace;
      case "x-user-defined" -> SingleByteDecoder.userDefined();
      case "ISO-8859-8-I" -> SingleByteDecoder.of("iso-8859-8");
      default -> SingleByteDecoder.of(name.toLowerCase(Locale.ROOT));
    };
  }

  /** The standard's "replacement" decoder: one U+FFFD for a text that must not be read. */
  private static int replace(byte[] in, int from, int to, char[] out) {
    if (from == to) {
      return 0;
    }
    out[0] = Decoder.REPLACEMENT;
    return 1;
  }
}
