package io.sluice.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {

  private static final RecordId ID = new RecordId(7, 4711);
  private static final byte[] BODY = {0, (byte) 0xff, '\n'};

  private static RecordOnly entry(boolean unchanged, @Nullable Truncation truncation) {
    return new RecordOnly(
        ID,
        new Capture(
            "http://example.test/robots.txt",
            "GET /robots.txt HTTP/1.1\r\nHost: example.test",
            "HTTP/1.1 302 Ünï\r\nLocation:  /x\n\n",
            "2001:db8::1",
            Instant.ofEpochMilli(1_750_000_000_123L),
            unchanged,
            truncation,
            Body.of(BODY)));
  }

  private static StreamEntry withHeader(String header) {
    return new StreamEntry(
        ID.toString().getBytes(StandardCharsets.US_ASCII),
        header.getBytes(StandardCharsets.UTF_8),
        BODY);
  }

  @Test
  void anEntryComesBackAsItWas() {
    RecordOnly entry = entry(true, null);

    var decoded = (Decoded.Whole<Published>) PublishedCodec.decode(RecordCodec.encode(entry));

    assertThat(decoded.message()).usingRecursiveComparison().isEqualTo(entry);
    assertThat(decoded.message().body().bytes()).isSameAs(BODY);
  }

  @ParameterizedTest
  @EnumSource
  void soDoesWhyABodyIsNotWhole(Truncation truncation) {
    RecordOnly entry = entry(false, truncation);

    assertThat(PublishedCodec.decode(RecordCodec.encode(entry)))
        .usingRecursiveComparison()
        .isEqualTo(new Decoded.Whole<>(entry));
  }

  @Test
  void aReaderThatKnowsPagesOnlyRefusesItAsNamingNoLease() {
    assertThat(PageCodec.decode(RecordCodec.encode(entry(false, null))))
        .isEqualTo(new Decoded.Malformed<Page>("no lease", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'{\"v\":2}'; v is out of range",
        "'{\"v\":1,\"url\":\"http://a.test/\",\"truncated\":\"soon\"}'; truncated is not a reason",
        "'{\"v\":1,\"url\":\"http://a.test/\"}'; request is missing",
        "'{'; header is not valid JSON",
        "''; no header"
      })
  void whatBreaksTheFormatIsMalformedAndNamesNoLease(String header, String reason) {
    assertThat(PublishedCodec.decode(withHeader(header)))
        .isEqualTo(new Decoded.Malformed<Published>(reason, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"r0-1", "r1-0", "r01-1", "r1", "r-1-1", "1-1", "r1-1x", "r1-99999999999999999999"})
  void onlyTwoNumbersFromOneOnAreAnId(String text) {
    assertThat(RecordId.parse(text)).isNull();
  }
}
