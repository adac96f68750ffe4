package io.sluice.parser.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.coding.DecodedBody;
import io.sluice.core.testing.Corpora;
import io.sluice.parser.decode.DecodedText.Source;
import io.sluice.parser.encoding.Encoding;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextDecoderTest {

  @ParameterizedTest
  @CsvSource({"tests1.dat, 52, 7", "tests2.dat, 22, 0", "test-yahoo-jp.dat, 1, 0"})
  void declarationIsFoundAsTheHtml5libCasesExpect(String file, int found, int late)
      throws IOException {
    int right = 0;
    int tooLate = 0;
    for (Case one : cases(file)) {
      DecodedText text = decode(one.bytes(), null);
      boolean declared = text.source() == Source.BOM || text.source() == Source.META;
      if (one.data().indexOf("<meta") > 1000) {
        assertThat(declared).as("a declaration past the prescan's window").isFalse();
        tooLate++;
      } else {
        Encoding encoding = declared ? text.encoding() : Encoding.WINDOWS_1252;
        assertThat(encoding.name()).as(one.data()).isEqualToIgnoringCase(one.encoding());
        right++;
      }
    }
    assertThat(right).isEqualTo(found);
    assertThat(tooLate).isEqualTo(late);
  }

  private record Case(String data, String encoding) {
    byte[] bytes() {
      return data.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Case> cases(String file) throws IOException {
    String all =
        Files.readString(Corpora.path("html5lib-encoding/" + file), StandardCharsets.ISO_8859_1);
    List<Case> cases = new ArrayList<>();
    for (String part : ("\n" + all).split("\n#data\n", -1)) {
      int encoding = part.indexOf("\n#encoding\n");
      if (encoding >= 0) {
        cases.add(
            new Case(
                part.substring(0, encoding),
                part.substring(encoding + 11).strip().toLowerCase(Locale.ROOT)));
      }
    }
    return cases;
  }

  @Test
  void byteOrderMarkOutranksHttpAndHttpOutranksMeta() {
    byte[] meta = "<meta charset=koi8-r>x".getBytes(StandardCharsets.US_ASCII);
    byte[] marked = concat(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, meta);

    assertThat(decode(marked, "iso-8859-2").source()).isEqualTo(Source.BOM);
    assertThat(decode(marked, "iso-8859-2").encoding()).isEqualTo(Encoding.UTF_8);
    assertThat(decode(marked, null).text()).startsWith("<meta");
    assertThat(decode(meta, " Latin2 ").encoding().name()).isEqualTo("ISO-8859-2");
    assertThat(decode(meta, "no-such-encoding").encoding().name()).isEqualTo("KOI8-R");
    assertThat(decode(meta, null).source()).isEqualTo(Source.META);
  }

  @Test
  void utf16MarksAreRead() {
    assertThat(
            decode(
                    concat(
                        new byte[] {(byte) 0xFE, (byte) 0xFF},
                        "ä<p>".getBytes(StandardCharsets.UTF_16BE)),
                    null)
                .text())
        .isEqualTo("ä<p>");
    assertThat(
            decode(
                    concat(
                        new byte[] {(byte) 0xFF, (byte) 0xFE},
                        "ä<p>".getBytes(StandardCharsets.UTF_16LE)),
                    null)
                .text())
        .isEqualTo("ä<p>");
  }

  @Test
  void undeclaredUtf8IsRecognized() {
    DecodedText text = decode("Grüße �".getBytes(StandardCharsets.UTF_8), null);

    assertThat(text.text()).isEqualTo("Grüße �");
    assertThat(text.source()).isEqualTo(Source.VALID_UTF_8);
  }

  @Test
  void utf8CutInACharacterIsStillUtf8() {
    byte[] whole = "Grüße aus Köln, ä".getBytes(StandardCharsets.UTF_8);
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);

    assertThat(decode(cut, null).source()).isEqualTo(Source.VALID_UTF_8);
  }

  @Test
  void undeclaredCyrillicIsGuessed() {
    String russian = "Быстрая коричневая лиса прыгает через ленивую собаку. ".repeat(20);

    DecodedText text = decode(russian.getBytes(Charset.forName("windows-1251")), null);

    assertThat(text.source()).isEqualTo(Source.GUESS);
    assertThat(text.text()).isEqualTo(russian);
  }

  @Test
  void hopelessBytesAreReadAsWindows1252() {
    assertThat(decode(new byte[] {'a', (byte) 0x93, 'b', (byte) 0xff}, null).text())
        .isEqualTo("a\u201Cbÿ");
  }

  @Test
  void xmlDeclarationCountsWhereNoMetaDoes() {
    byte[] xml =
        "<?xml version='1.0' encoding = \"iso-8859-2\"?><html>".getBytes(StandardCharsets.US_ASCII);
    byte[] both =
        "<?xml version='1.0' encoding='koi8-r'?><meta charset=iso-8859-2>"
            .getBytes(StandardCharsets.US_ASCII);

    assertThat(decode(xml, null).encoding().name()).isEqualTo("ISO-8859-2");
    assertThat(decode(both, null).encoding().name()).isEqualTo("ISO-8859-2");
  }

  @Test
  void declarationPastTheFirst1024BytesIsLeftToTheParser() {
    byte[] late = (" ".repeat(1010) + "<meta charset=koi8-r>").getBytes(StandardCharsets.US_ASCII);

    assertThat(decode(late, null).source().tentative()).isTrue();
    assertThat(decode(late, "utf-8").source().tentative()).isFalse();
  }

  @Test
  void pageThatIsUtf8ButForAFewBytesIsUtf8() {
    byte[] good = "Приве́т, мир — «да»".getBytes(StandardCharsets.UTF_8);
    byte[] bad = "<!-- cut \u00D0 here --><p>\u00E9</p>".getBytes(StandardCharsets.ISO_8859_1);
    byte[] noisy = "\u00EF\u00F0\u00E8\u00E2\u00C3\u00A9".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(decode(concat(good, bad), null).encoding()).isEqualTo(Encoding.UTF_8);
    assertThat(decode(noisy, null).encoding()).isNotEqualTo(Encoding.UTF_8);
  }

  @Test
  void guessLooksAtTextFromTheWholePageAndNotAtMarkup() {
    String russian = "Быстрая коричневая лиса прыгает через ленивую собаку. ".repeat(20);
    String english = "<p class=lorem>all of this is English text and markup</p>".repeat(2_000);
    String script = "<script>var s = '" + "\u00AB\u00BB".repeat(5_000) + "'</script>";
    String page = english + script + "<!--" + "\u00AB ".repeat(5_000) + "--><p>" + russian;

    DecodedText text = decode(page.getBytes(Charset.forName("windows-1251")), null);

    assertThat(text.encoding().name()).isEqualTo("windows-1251");
  }

  @Test
  void undeclaredBig5IsGuessedAsTheChardetCaseExpects() throws IOException {
    byte[] big5 = Files.readAllBytes(Corpora.path("html5lib-encoding/chardet/test_big5.txt"));

    assertThat(decode(big5, null).encoding().name()).isEqualTo("Big5");
  }

  @Test
  void undeclaredIso2022JpIsKnownByItsEscapes() {
    byte[] japanese = "<p>\u001B$B$3$s\u001B(B</p>".getBytes(StandardCharsets.US_ASCII);
    byte[] stray = "<p>\u001B$B\u0007\u001B(B</p>".getBytes(StandardCharsets.US_ASCII);

    assertThat(decode(japanese, null).text()).isEqualTo("<p>\u3053\u3093</p>");
    assertThat(decode(stray, null).encoding()).isEqualTo(Encoding.UTF_8);
  }

  @Test
  void labelsNameEncodings() {
    assertThat(Encoding.ofLabel("\tUTF8 ")).isEqualTo(Encoding.UTF_8);
    assertThat(Encoding.ofLabel("ascii")).isEqualTo(Encoding.WINDOWS_1252);
    assertThat(Encoding.ofLabel("klingon")).isNull();
  }

  private static DecodedText decode(byte[] bytes, @Nullable String httpCharset) {
    return TextDecoder.decode(new DecodedBody(bytes, bytes.length, false, null), httpCharset);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
