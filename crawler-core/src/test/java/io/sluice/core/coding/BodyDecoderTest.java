package io.sluice.core.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Body;
import io.sluice.core.testing.Corpora;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyDecoderTest {

  private static final int BOUND = 1 << 20;
  private static final String TEXT = "<p>Ein Gruß, ".repeat(500);

  private final BodyDecoder decoder = new BodyDecoder(BOUND);

  @AfterEach
  void close() {
    decoder.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "html-gzip.bin | gzip",
        "html-gzip.bin | X-GZIP",
        "html-zlibdeflate.bin | deflate",
        "html-rawdeflate.bin | deflate",
        "html-br.bin | br",
        "html-zstd-static-content-size.bin | zstd",
        "html-zstd-static-no-content-size.bin | zstd",
        "html-zstd-streaming-no-content-size.bin | zstd",
        "html-gzip-deflate.bin | gzip, deflate",
        "html-gzip-deflate-gzip.bin | gzip,deflate , gzip",
      })
  void samePageComesOutOfEveryCoding(String file, String contentEncoding) throws IOException {
    DecodedBody body = decode(corpus("scrapy-compressed/" + file), contentEncoding);

    assertThat(body.damage()).isNull();
    assertThat(body.cut()).isFalse();
    assertThat(text(body)).startsWith("<!DOCTYPE HTML>").contains("Jack Daniels");
    assertThat(body.size()).isBetween(74_837, 74_840);
  }

  @ParameterizedTest
  @CsvSource({
    "bomb-br.bin, br",
    "bomb-deflate.bin, deflate",
    "bomb-gzip.bin, gzip",
    "bomb-zstd.bin, zstd"
  })
  void bombIsCutAtTheBoundAndMarked(String file, String contentEncoding) throws IOException {
    DecodedBody body = decode(corpus("scrapy-compressed/" + file), contentEncoding);

    assertThat(body.size()).isEqualTo(BOUND);
    assertThat(body.bytes().length).isLessThanOrEqualTo(BOUND + 1);
    assertThat(body.cut()).isTrue();
    assertThat(body.damage()).isNull();
  }

  @Test
  void bombInsideABombIsCutLayerByLayer() throws IOException {
    byte[] bomb = gzip(gzip(new byte[64 << 20]));

    DecodedBody body = decode(bomb, "gzip, gzip");

    assertThat(body.size()).isLessThanOrEqualTo(BOUND);
    assertThat(body.cut()).isTrue();
  }

  @Test
  void truncatedGzipKeepsWhatWasInflated() throws IOException {
    DecodedBody body = decode(corpus("scrapy-compressed/unexpected-eof.gz"), "gzip");

    assertThat(body.damage()).isEqualTo(Damage.TRUNCATED);
    // The expected bytes are stored as characters, in UTF-8.
    String expected =
        new String(corpus("scrapy-compressed/unexpected-eof-output.txt"), StandardCharsets.UTF_8);
    assertThat(Arrays.copyOf(body.bytes(), body.size()))
        .isEqualTo(expected.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({"truncated-crc-error.gz", "truncated-crc-error-short.gz"})
  void gzipWithoutItsWholeTrailerIsKeptAndMarked(String file) throws IOException {
    DecodedBody body = decode(corpus("scrapy-compressed/" + file), "gzip");

    assertThat(body.damage()).isEqualTo(Damage.TRUNCATED);
    assertThat(text(body)).contains("</html");
  }

  @Test
  void wrongChecksumIsMarked() throws IOException {
    byte[] coded = gzip(TEXT.getBytes(StandardCharsets.UTF_8));
    coded[coded.length - 8] ^= 1;

    DecodedBody body = decode(coded, "gzip");

    assertThat(body.damage()).isEqualTo(Damage.CORRUPT);
    assertThat(text(body)).isEqualTo(TEXT);
  }

  @Test
  void damageInTheMiddleKeepsWhatCameBefore() throws IOException {
    byte[] plain = TEXT.repeat(20).getBytes(StandardCharsets.UTF_8);
    byte[] coded = gzip(plain);
    Random random = new Random(1);
    for (int i = coded.length / 2; i < coded.length; i++) {
      coded[i] = (byte) random.nextInt();
    }

    DecodedBody body = decode(coded, "gzip");

    assertThat(body.damage()).isEqualTo(Damage.CORRUPT);
    assertThat(body.size()).isBetween(1_000, plain.length - 1);
    assertThat(Arrays.copyOf(body.bytes(), 1_000)).isEqualTo(Arrays.copyOf(plain, 1_000));
  }

  @ParameterizedTest
  @CsvSource({"br, html-br.bin", "zstd, html-zstd-streaming-no-content-size.bin"})
  void truncatedStreamIsMarked(String contentEncoding, String file) throws IOException {
    byte[] coded = corpus("scrapy-compressed/" + file);

    DecodedBody body = decode(Arrays.copyOf(coded, coded.length - 500), contentEncoding);

    assertThat(body.damage()).isEqualTo(Damage.TRUNCATED);
  }

  @Test
  void truncatedBrotliKeepsWhatWasInflated() throws IOException {
    byte[] coded = corpus("scrapy-compressed/html-br.bin");

    DecodedBody body = decode(Arrays.copyOf(coded, coded.length - 500), "br");

    assertThat(text(body)).startsWith("<!DOCTYPE HTML").hasSizeGreaterThan(5_000);
  }

  @Test
  void membersFollowEachOtherAndRubbishAfterTheLastIsIgnored() throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    coded.write(gzip("one ".getBytes(StandardCharsets.UTF_8)));
    coded.write(gzip("two".getBytes(StandardCharsets.UTF_8)));
    coded.write(new byte[] {0, 0, 0});

    DecodedBody body = decode(coded.toByteArray(), "gzip");

    assertThat(text(body)).isEqualTo("one two");
    assertThat(body.damage()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "deflate",
        "br",
        "zstd",
        "gzip, br",
        "none",
        "UTF-8",
        "",
        "text/html",
        "x"
      })
  void plainBodyWithALabelIsTakenAsItIs(String label) {
    DecodedBody body = decode(TEXT.getBytes(StandardCharsets.UTF_8), label);

    assertThat(text(body)).isEqualTo(TEXT);
    assertThat(body.damage()).isNull();
  }

  @Test
  void bytesThatAreNotTextAndLabelledGzipAreTakenAsTheyAre() {
    DecodedBody body = decode(new byte[] {(byte) 0x89, 'P', 'N', 'G', 0}, "gzip");

    assertThat(body.size()).isEqualTo(5);
    assertThat(body.damage()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflate", "br", "zstd", "gzip, gzip", "utf-8, gzip, none"})
  void gzipIsKnownByItsFirstBytesUnderAnotherLabel(String label) throws IOException {
    DecodedBody body = decode(gzip(TEXT.getBytes(StandardCharsets.UTF_8)), label);

    assertThat(text(body)).isEqualTo(TEXT);
    assertThat(body.damage()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "compress", "gzip,gzip,gzip,gzip", "x"})
  void anEmptyBodyIsNotDamaged(String label) {
    DecodedBody body = decode(new byte[0], label);

    assertThat(body.size()).isZero();
    assertThat(body.damage()).isNull();
  }

  @Test
  void rubbishUnderALabelIsDamage() {
    assertThat(decode(new byte[] {7, 1, 2, 3}, "deflate").damage()).isEqualTo(Damage.CORRUPT);
  }

  @Test
  void allFieldsAreOneList() throws IOException {
    byte[] coded = gzip(gzip(TEXT.getBytes(StandardCharsets.UTF_8)));
    DecodedBody body = decoder.decode(Body.of(coded), List.of("gzip", "none,GZIP"));

    assertThat(text(body)).isEqualTo(TEXT);
    assertThat(body.damage()).isNull();
  }

  @Test
  void zlibHeaderIsToldFromRawDeflate() throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(coded)) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(text(decode(coded.toByteArray(), "deflate"))).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"compress", "gzip, sdch", "gzip,gzip,gzip,gzip"})
  void unknownOrTooManyCodingsAreMarked(String contentEncoding) {
    DecodedBody body = decode(new byte[] {1, 2, 3}, contentEncoding);

    assertThat(body.damage()).isEqualTo(Damage.UNSUPPORTED);
    assertThat(body.size()).isEqualTo(3);
  }

  @Test
  void uncodedBodyIsNotCopied() {
    byte[] plain = {1, 2, 3};

    assertThat(decode(plain, null).bytes()).isSameAs(plain);
    assertThat(decode(plain, "identity").bytes()).isSameAs(plain);
  }

  @Test
  void webPlatformBodiesInflate() throws IOException {
    List<Path> bodies;
    try (Stream<Path> files = Files.list(Corpora.path("wpt-http/content-encoding"))) {
      bodies = files.filter(f -> !f.toString().endsWith(".headers")).sorted().toList();
    }
    assertThat(bodies).hasSize(13);
    for (Path file : bodies) {
      String headers = Files.readString(Path.of(file + ".headers"));
      String coding = headers.replaceAll("(?s).*Content-Encoding: (\\w+).*", "$1");

      DecodedBody body = decode(Files.readAllBytes(file), coding);

      if (file.endsWith("zstd-big.window.zst")) {
        assertThat(body.damage()).as("a window above 8 MB").isEqualTo(Damage.CORRUPT);
      } else {
        assertThat(body.damage()).as("%s", file).isNull();
        assertThat(body.size()).as("%s", file).isPositive();
      }
    }
  }

  private DecodedBody decode(byte[] coded, @Nullable String contentEncoding) {
    return decoder.decode(
        Body.of(coded), contentEncoding == null ? List.of() : List.of(contentEncoding));
  }

  private static String text(DecodedBody body) {
    return new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
  }

  private static byte[] corpus(String name) throws IOException {
    return Files.readAllBytes(Corpora.path(name));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
      out.write(plain);
    }
    return coded.toByteArray();
  }
}
