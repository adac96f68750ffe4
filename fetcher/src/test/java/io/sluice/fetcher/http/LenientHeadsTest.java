package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.Corpora;
import io.sluice.fetcher.testing.HostileServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Responses that browsers and curl accept are pages here, too, but their connections are not used
 * again, since a smuggled response could answer the next request.
 */
final class LenientHeadsTest extends HttpClientFixture {
  private static final String SMUGGLED = HostileServer.response(200, "smuggled");

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK{Content-Length: 4{{page'",
    "'HTTP/1.1 200 OK{Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|X: a{Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Content-Length: 4|{page'",
    "'HTTP/1.1 200 OK|odd|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|: odd|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Content-Length : 4||page'",
    "'HTTP/1.1 200 OK|Content-Length: 4|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Content-Length:| 4||page'",
    "'HTTP/1.1 200 OK|Content-Length x: 2|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: identity|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Transfer-Encoding:|Content-Length: 4||page'",
    "'HTTP/1.0 200 OK|Connection: keep-alive|Transfer-Encoding: chunked||4|page|0||'",
    "'HTTP/1.1 200 OK|Transfer-Encoding : chunked||4|page|0||'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked|| 4 \t|page|0||'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||4{page{0{{'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||4|page{0||'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||4;x={page|0||'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||4|page|0|X: y{|'",
    "'HTTP/2 200|Content-Length: 4||page'",
    "'HTTP/1.1 999 Odd|Content-Length : 4||page'"
  })
  void aPageIsAPageAndItsConnectionIsNotUsedAgain(String response) throws Exception {
    String sent = response.replace("|", "\r\n").replace("{", "\n");
    try (HostileServer server = once(sent)) {
      assertThat(text(answer(server.url("/")))).isEqualTo("page");
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
      assertThat(gauge("idle")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK|Content-Length: 4||page'",
    "'|HTTP/1.1 200 OK|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||04;a=\"b\"|page|000|X: y||'",
    "'HTTP/1.0 200 OK|Connection: keep-alive|Content-Length: 4||page'"
  })
  void anOrdinaryPageLeavesItsConnectionForTheNext(String response) throws Exception {
    try (HostileServer server = HostileServer.answering(response.replace("|", "\r\n"))) {
      assertThat(text(answer(server.url("/1")))).isEqualTo("page");
      assertThat(text(answer(server.url("/2")))).isEqualTo("page");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK{Content-Length: 4{{page'",
    "'HTTP/1.1 103 E{X: y{{HTTP/1.1 200 OK|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Content-Length : 4||page'",
    "'HTTP/1.1 200 OK|X: a^Transfer-Encoding: chunked|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Transfer-Encoding x: chunked|Content-Length: 4||page'",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||4{page{0{{'"
  })
  void whatFollowsADoubtfulResponseAnswersNothing(String response) throws Exception {
    String sent = response.replace("|", "\r\n").replace("{", "\n").replace('^', '\r');
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              boolean first = talk.path(String.valueOf(talk.nextRequest())).equals("/1");
              talk.send(first ? sent + SMUGGLED : HostileServer.response(200, "mine"));
              talk.stall();
            })) {
      assertThat(text(answer(server.url("/1")))).isEqualTo("page");
      assertThat(text(answer(server.url("/2")))).isEqualTo("mine");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aBodyOfUnknownLengthEndsWithItsConnectionUnderAnyHead() throws Exception {
    for (String field : List.of("Content-Length: 3x", "Content-Length: x", "X: y")) {
      try (HostileServer server = lastly("HTTP/1.0 200 OK\n" + field + "\n\nall there is")) {
        assertThat(text(answer(server.url("/")))).isEqualTo("all there is");
      }
    }
  }

  @Test
  void chunksAreWholeOnceTheLastOneHasCome() throws Exception {
    try (HostileServer server =
        lastly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n")) {
      assertThat(text(answer(server.url("/")))).isEqualTo("page");
    }
  }

  @Test
  void aHeadAndItsChunksMayComeByteByByte() throws Exception {
    String sent =
        "\r\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\r\n\n4\npage\r\n0\r\nX: y\r\n\r\n";
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.drip(sent, 1);
              talk.stall();
            })) {
      Response response = answer(server.url("/"));
      assertThat(text(response)).isEqualTo("page");
      assertThat(response.head()).isEqualTo("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\r\n\n");
    }
  }

  @Test
  void theHeadIsKeptAsItWasReceived() throws Exception {
    String head =
        "HTTP/1.1 200  OK|Server a/b|X:|  folded\t|Content-Length: 4|content-length:4{Y: \u00e9||"
            .replace("|", "\r\n")
            .replace("{", "\n");
    try (HostileServer server = once(head + "page")) {
      assertThat(answer(server.url("/")).head()).isEqualTo(head);
    }
  }

  @Test
  void theFieldsHeadsAreAllPages() throws Exception {
    List<String> lost = new ArrayList<>();
    for (Path folder : folders("heads--*")) {
      Path file = folder.resolve(folder.getFileName().toString().substring(7) + ".http");
      String sent = Files.readString(file, StandardCharsets.ISO_8859_1);
      try (HostileServer server = lastly(sent)) {
        if (!(get(server.url("/")) instanceof HttpReply.Answered answered)
            || !text(answered.response()).contains("<title>fine</title>")) {
          lost.add(folder.getFileName().toString());
        }
      }
    }
    assertThat(lost).isEmpty();
  }

  private static List<Path> folders(String glob) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(Corpora.path("field"), glob)) {
      found.forEach(folders::add);
    }
    assertThat(folders).isNotEmpty();
    return folders;
  }
}
