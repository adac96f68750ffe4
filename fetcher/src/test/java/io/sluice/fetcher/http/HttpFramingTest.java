package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.lease.Reason;
import io.sluice.core.message.Header;
import io.sluice.core.message.PageCodec;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.testing.HostileServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where a response ends, and what is not a response, on real sockets (RFC 9112, sections 2 to 7).
 */
final class HttpFramingTest extends HttpClientFixture {

  @Test
  void chunksAreJoined() throws Exception {
    String chunked =
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|7;ext=1|, world|0|Trailer: x||";
    try (HostileServer server = once(chunked.replace("|", "\r\n"))) {
      Response response = answer(server.url("/"));
      assertThat(text(response)).isEqualTo("hello, world");
      assertThat(response.headers()).isEmpty();
      assertThat(gauge("idle")).isEqualTo(1);
    }
  }

  @Test
  void aBodyWithoutALengthEndsWithItsConnection() throws Exception {
    try (HostileServer server = lastly("HTTP/1.1 200 OK\r\n\r\nall there is")) {
      assertThat(text(answer(server.url("/")))).isEqualTo("all there is");
    }
  }

  @Test
  void interimResponsesAreSkipped() throws Exception {
    try (HostileServer server =
        once(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + HostileServer.response(200, "final"))) {
      assertThat(text(answer(server.url("/")))).isEqualTo("final");
    }
  }

  @Test
  void aFloodOfInterimResponsesIsBounded() throws Exception {
    try (HostileServer server = once("HTTP/1.1 102 Processing\r\n\r\n".repeat(2000))) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.HEADERS_TOO_LARGE);
    }
  }

  @Test
  void anOversizedHeadIsRefused() throws Exception {
    try (HostileServer server =
        once("HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.HEADERS_TOO_LARGE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 3|Transfer-Encoding: chunked||3|abc|0||', BAD_FRAMING",
    "'Transfer-Encoding: gzip, chunked||3|abc|0||', BAD_FRAMING",
    "'Transfer-Encoding : chunked|Content-Length: 3||3|abc|0||', BAD_FRAMING",
    "'Transfer-Encoding:| chunked|Content-Length: 3||3|abc|0||', BAD_FRAMING",
    "'Transfer-Encoding: chunked|Transfer-Encoding: chunked||3|abc|0||', BAD_FRAMING",
    "'Transfer-Encoding: chunked;q=1||3|abc|0||', BAD_FRAMING",
    "'Content-Length : 3|Content-Length: 4||abcd', BAD_RESPONSE",
    "'Content-Length: 03|Content-Length: 3||abc', BAD_RESPONSE",
    "'Content-Length: 99999999999999999999||abc', BAD_RESPONSE",
    "'Content-Length: 3|Content-Length: 4||abcd', BAD_RESPONSE",
    "'Content-Length: 3, 4||abcd', BAD_RESPONSE",
    "'Content-Length: -3||abcd', BAD_RESPONSE",
    "'Transfer-Encoding: chunked||zz|abc|0||', BAD_RESPONSE",
    "'Transfer-Encoding: chunked||-3|abc|0||', BAD_RESPONSE",
    "'Transfer-Encoding: chunked||3|abcdef|0||', BAD_RESPONSE",
    "'Transfer-Encoding: chunked||FFFFFFFFFFFF|abc|0||', BAD_RESPONSE"
  })
  void doubtsAboutTheLengthFailAndClose(String rest, Reason reason) throws Exception {
    try (HostileServer server = once("HTTP/1.1 200 OK\r\n" + rest.replace("|", "\r\n"))) {
      assertThat(failure(server.url("/"))).isEqualTo(reason);
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
    }
  }

  @Test
  void blanksBehindANameAreForgiven() throws Exception {
    try (HostileServer server =
        once("HTTP/1.1 200 OK\r\nContent-Type : text/html\r\nContent-Length: 3\r\n\r\nabc")) {
      Response response = answer(server.url("/"));
      assertThat(text(response)).isEqualTo("abc");
      assertThat(response.headers()).contains(new Header("Content-Type", "text/html"));
    }
  }

  @Test
  void aHeadHasNoMoreFieldsThanAPageMayHave() throws Exception {
    settings.maxHeaderBytes = 64 * 1024;
    String fields = "a:\r\n".repeat(PageCodec.MAX_HEADERS - 1);
    try (HostileServer most = once("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n");
        HostileServer tooMany =
            once("HTTP/1.1 200 OK\r\n" + fields + "b:\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(answer(most.url("/")).headers()).hasSize(PageCodec.MAX_HEADERS);
      assertThat(failure(tooMany.url("/"))).isEqualTo(Reason.HEADERS_TOO_LARGE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "garbage",
    "HTTP/5.6 200 OK",
    "HTTP/1.01 200 OK",
    "HTTP/1.1 1000 Long",
    "HTTP/1.1 -200 Negative",
    "HTTP/0.9 200 OK",
    "ICY 200 OK",
    "HTTP/1.1 099 Low",
    "HTTP/1.1 2x0 Odd",
    "HTTP/1.1 101 Switching Protocols"
  })
  void whatIsNotHttpFails(String statusLine) throws Exception {
    try (HostileServer server = once(statusLine + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.BAD_RESPONSE);
    }
  }

  @Test
  void aConnectionThatEndsWithinAChunkedBodyFails() throws Exception {
    try (HostileServer server =
        lastly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.BODY_INCOMPLETE);
    }
  }

  @Test
  void aSecondResponseThatNobodyAskedForIsNotReadAsOne() throws Exception {
    String response = HostileServer.response(200, "mine");
    try (HostileServer server = once(response + HostileServer.response(200, "smuggled"))) {
      assertThat(text(answer(server.url("/1")))).isEqualTo("mine");
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
    }
  }
}
