package io.sluice.parser.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the decoders with another implementation of the standard, run by src/tools. */
final class EncodingTest {

  private static final int[] TELLING = {
    0x1b, 0x24, 0x28, 0x40, 0x42, 0x49, 0x4a, 0x30, 0x39, 0x3c, 0x5c, 0x7e, 0x80, 0x81, 0x8e, 0x8f,
    0xa0, 0xa1, 0xff
  };

  @Test
  void everySingleAndTwoByteInputIsReadAsAnotherImplementationReadsIt() throws Exception {
    List<String> differing = new ArrayList<>();
    int compared = 0;
    for (String line : expectations()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && !words[1].equals("random")) {
        Encoding encoding = Objects.requireNonNull(Encoding.ofLabel(words[0]), words[0]);
        if (!digest(encoding, inputs(words[1])).equals(words[2])) {
          differing.add(words[0] + " " + words[1]);
        }
        compared++;
      }
    }
    assertThat(differing).isEmpty();
    assertThat(compared).isEqualTo(39 + 10 * 256);
  }

  @Test
  void longBrokenInputsAreReadAsAnotherImplementationReadsThem() throws Exception {
    List<String> differing = new ArrayList<>();
    for (String line : expectations()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[1].equals("random")) {
        Encoding encoding = Objects.requireNonNull(Encoding.ofLabel(words[0]), words[0]);
        if (!digest(encoding, randomInputs()).equals(words[2])) {
          differing.add(words[0]);
        }
      }
    }
    assertThat(differing).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "EUC-JP, ada1 ade2 adea, '①№㈱'",
    "EUC-JP, 8fb0a1 8ea6, '丂ｦ'",
    "GBK, 80 a3a4, '€￥'",
    "gb18030, 8135f437 90308130 84318236 e3329a35 e3329a36,"
        + " '\uE7C7\uD800\uDC00\uFE10\uDBFF\uDFFF\uFFFD'",
    "windows-1252, 80 81 8d, '€\u0081\u008d'",
    "Big5, 8862 8864 88a3 8840, 'Ê̄Ê̌ê̄\u31C0'",
    "Shift_JIS, 81 3c 61 3e, '\uFFFD<a>'",
    "EUC-JP, a4 3c 61 3e, '\uFFFD<a>'",
    "EUC-KR, b0 3c 61 3e, '\uFFFD<a>'",
    "Big5, a4 3c 61 3e, '\uFFFD<a>'",
    "GBK, c4 3c 61 3e, '\uFFFD<a>'",
    "gb18030, 81308130 3c, '\u0080<'",
    "gb18030, 813081 3c61, '\uFFFD0\uFFFD<a'",
    "UTF-16LE, 00d8 3c00, '\uFFFD<'",
    "UTF-8, eda080 3c, '\uFFFD\uFFFD\uFFFD<'",
    "replacement, 41 42 43, '\uFFFD'",
    "ISO-2022-JP, 1b2442 2141 1b2842 3c, '～<'"
  })
  void bytesAreReadAsTheStandardHasThem(String encoding, String hex, String text) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(decode(encoding, bytes)).isEqualTo(text);
  }

  private static String decode(String label, byte[] bytes) {
    return Objects.requireNonNull(Encoding.ofLabel(label)).decode(bytes, 0, bytes.length);
  }

  private static List<byte[]> inputs(String which) {
    List<byte[]> inputs = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      inputs.add(
          which.equals("single")
              ? new byte[] {(byte) b}
              : new byte[] {(byte) Integer.parseInt(which), (byte) b});
    }
    return inputs;
  }

  /** The same inputs that digests.mjs generates. */
  private static List<byte[]> randomInputs() {
    int state = 20260729;
    List<byte[]> inputs = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      byte[] input = new byte[512];
      for (int at = 0; at < input.length; at++) {
        state = state * 1103515245 + 12345;
        int kind = (state >>> 16) % 4;
        state = state * 1103515245 + 12345;
        int value = state >>> 16;
        input[at] =
            (byte)
                switch (kind) {
                  case 0 -> TELLING[value % TELLING.length];
                  case 1 -> value % 128;
                  default -> value % 256;
                };
      }
      inputs.add(input);
    }
    return inputs;
  }

  private static String digest(Encoding encoding, List<byte[]> inputs) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (byte[] input : inputs) {
      String text = encoding.decode(input, 0, input.length) + "\n";
      byte[] units = new byte[text.length() * 2];
      for (int i = 0; i < text.length(); i++) {
        units[2 * i] = (byte) (text.charAt(i) >> 8);
        units[2 * i + 1] = (byte) text.charAt(i);
      }
      sha256.update(units);
    }
    return HexFormat.of().formatHex(sha256.digest()).substring(0, 16);
  }

  private static List<String> expectations() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EncodingTest.class.getResourceAsStream("encoding-digests.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }
}
