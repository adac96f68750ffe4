package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Reason;
import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import io.sluice.fetcher.http.Framing.Chunked;
import io.sluice.fetcher.http.Framing.Empty;
import io.sluice.fetcher.http.Framing.Length;
import io.sluice.fetcher.http.Framing.Refused;
import io.sluice.fetcher.http.Framing.ToTheEnd;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a body ends (RFC 9112, 6.3): its end is unambiguous, or the response is refused. */
final class FramingTest {

  private static Framing of(String statusLine, String... fields) {
    String raw = statusLine + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    return Framing.of(Objects.requireNonNull(ResponseHead.parse(raw)));
  }

  private static Framing of200(String... fields) {
    return of("HTTP/1.1 200 OK", fields);
  }

  @Test
  void aLengthCountsWhereItIsTheOnlyAnswer() {
    assertThat(of200("Content-Length: 3")).isEqualTo(new Length(3, true));
    assertThat(of200("Content-Length: 3", "Content-Length: 3")).isEqualTo(new Length(3, false));
    assertThat(of200("Content-Length : 3")).isEqualTo(new Length(3, true));
    assertThat(of200("Content-Length x: 4", "Content-Length: 3")).isEqualTo(new Length(3, true));
  }

  @Test
  void chunksCountWhereTheyAreTheOnlyAnswer() {
    assertThat(of200("Transfer-Encoding: Chunked")).isEqualTo(new Chunked(true));
    assertThat(of("HTTP/1.0 200 OK", "Transfer-Encoding: chunked")).isEqualTo(new Chunked(false));
    assertThat(of200("Transfer-Encoding: identity, chunked")).isEqualTo(new Chunked(false));
    assertThat(of200("Transfer-Encoding: chunked", "Content-Length: 3"))
        .isEqualTo(new Refused(Reason.BAD_FRAMING));
    assertThat(of200("Transfer-Encoding : chunked", "Content-Length: 3"))
        .isEqualTo(new Refused(Reason.BAD_FRAMING));
    assertThat(of200("Transfer-Encoding:", " chunked", "Content-Length: x"))
        .isEqualTo(new Refused(Reason.BAD_FRAMING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "", "Identity, identity", ","})
  void aTransferCodingThatCodesNothingIsNotAnAnswer(String coding) {
    String field = "Transfer-Encoding: " + coding;
    assertThat(of200(field, "Content-Length: 3")).isEqualTo(new Length(3, false));
    assertThat(of200(field)).isEqualTo(new ToTheEnd());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "\"chunked\"", "x"})
  void anyOtherTransferCodingIsRefused(String coding) {
    assertThat(of200("Transfer-Encoding: " + coding)).isEqualTo(new Refused(Reason.BAD_FRAMING));
  }

  @Test
  void someStatusesHaveNoBodyWhateverTheFieldsSay() {
    for (String status : new String[] {"100", "103", "204", "304"}) {
      assertThat(of("HTTP/1.1 " + status, "Content-Length: 3", "Transfer-Encoding: chunked"))
          .isEqualTo(new Empty(false));
      assertThat(of("HTTP/1.1 " + status)).isEqualTo(new Empty(true));
    }
  }

  @Test
  void aLengthIsUsualWithoutABodyAfter304AndDoubtfulAfter204() {
    assertThat(of("HTTP/1.1 304", "Content-Length: 3")).isEqualTo(new Empty(true));
    assertThat(of("HTTP/1.1 204", "Content-Length: 3")).isEqualTo(new Empty(false));
    assertThat(of("HTTP/1.1 204", "Content-Length: 0")).isEqualTo(new Empty(true));
  }

  /** Refused here, although the Fetch standard ignores it. */
  private static final String NEGATIVE = "Content-Length: -1";

  @Test
  void lengthsAreExtractedAsTheFetchStandardSays() {
    int judged = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("wpt-http/content-lengths.json"))) {
      Framing framing = of200(String.valueOf(row.get("input")));
      String output = String.valueOf(row.get("output"));
      boolean asExpected =
          switch (framing) {
            case Length length -> output.equals(String.valueOf(length.bytes()));
            case ToTheEnd _ -> output.equals("42"); // the case's body has 42 bytes
            case Refused _ -> output.equals("null") || row.containsValue(NEGATIVE);
            case Empty _, Chunked _ -> false;
          };
      assertThat(asExpected).as("%s: %s", row, framing).isTrue();
      judged++;
    }
    assertThat(judged).isEqualTo(35);
  }
}
