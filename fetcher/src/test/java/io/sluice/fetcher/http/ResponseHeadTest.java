package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Header;
import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Status lines and field lines, as the standard defines them and as servers send them. */
final class ResponseHeadTest {

  private static ResponseHead head(String raw) {
    return Objects.requireNonNull(ResponseHead.parse(raw));
  }

  @Test
  void whatTheStandardAllowsIsNotDoubtful() {
    ResponseHead head =
        head("HTTP/1.1 200 All right\r\nServer:  a/b \t\r\nX-Empty:\r\nserver: \"é\"\r\n\r\n");

    assertThat(head.protocol()).isEqualTo("HTTP/1.1");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.statusText()).isEqualTo("All right");
    assertThat(head.fields())
        .containsExactly(
            new Header("Server", "a/b"), new Header("X-Empty", ""), new Header("server", "\"é\""));
    assertThat(head.doubtful()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nA: 1\nB: 2\n\n",
        "HTTP/1.1 200 OK\r\nA: 1\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\n",
        "HTTP/1.1 200 OK\r\nA: 1\r\nServer a/b\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: 1\r\n: nothing\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\n<br /><b>Notice</b>: odd\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-FÃ©: 1\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded onto nothing\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nodd\r\n folded onto it\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA :1\r\nB: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA:\r\n 1\r\nB: 2\r\n \r\n\r\n",
        "HTTP/1.1  200 OK\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/1.1\t200 OK\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/2 200\r\nA: 1\r\nB: 2\r\n\r\n",
        "HTTP/2.0 200 OK\r\nA: 1\r\nB: 2\r\n\r\n"
      })
  void whatBrowsersForgiveIsDoubtful(String raw) {
    ResponseHead head = head(raw);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.fields()).containsExactly(new Header("A", "1"), new Header("B", "2"));
    assertThat(head.doubtful()).isTrue();
    assertThat(head.keepsAlive()).isFalse();
    assertThat(head.raw()).isEqualTo(raw);
  }

  @Test
  void controlBytesStayInAValueAndABareCarriageReturnIsASpace() {
    ResponseHead head = head("HTTP/1.1 200 OK\r\nA: x\1y\r\nB: x\ry\r\n\r\n");

    assertThat(head.fields()).containsExactly(new Header("A", "x\1y"), new Header("B", "x y"));
    assertThat(head.doubtful()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/0.9 200 OK",
        "HTTP/4 200 OK",
        "HTTP/11.1 200 OK",
        "HTTP/1.1200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 200OK",
        "HTTP/1.1\r200 OK",
        "HTTP/1.1 200\rOK",
        "HTTP/1.1 2\u0660\u0660 Other digits",
        "HTTP/1.1 099 Low",
        "HTTP/1.1 200 OK\r\nA: \0"
      })
  void whatNothingForgivesIsNotAHead(String raw) {
    assertThat(ResponseHead.parse(raw + "\r\n\r\n")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1, X: y, true",
    "HTTP/1.1, 'Connection: Close', false",
    "HTTP/1.1, 'Connection: te, close', false",
    "HTTP/1.0, X: y, false",
    "HTTP/1.0, 'Connection: Keep-Alive', true",
    "HTTP/1.0, 'Connection: keep-alive, close', false"
  })
  void theVersionAndTheConnectionFieldTellWhetherItStaysOpen(
      String version, String field, boolean open) {
    assertThat(head(version + " 200 OK\r\n" + field + "\r\n\r\n").keepsAlive()).isEqualTo(open);
  }

  @Test
  void statusesAreReadAsBrowsersReadThem() {
    int judged = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("wpt-http/h1-parsing/status-code.json"))) {
      ResponseHead head = ResponseHead.parse(row.get("status_line") + "\r\n\r\n");
      Map<?, ?> expected = (Map<?, ?>) row.get("expected");
      boolean usable = expected != null && ((Number) get(expected, "status")).intValue() >= 100;
      assertThat(head != null).as("%s", row).isEqualTo(usable);
      if (head != null && usable) {
        assertThat(head.status()).isEqualTo(((Number) get(expected, "status")).intValue());
        assertThat(head.statusText()).isEqualTo(get(expected, "statusText"));
      }
      judged++;
    }
    assertThat(judged).isEqualTo(16);
  }

  /**
   * The heads of another client's tests: those that its strict mode accepts are read in the same
   * way here, and those that it refuses are refused or doubtful here.
   */
  @Test
  void nothingThatAStrictParserRefusesIsBeyondDoubt() {
    int read = 0;
    int refused = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("llhttp-response/responses.json"))) {
      Map<?, ?> expected = (Map<?, ?>) get(row, "expected");
      boolean strict = "response".equals(get((Map<?, ?>) get(row, "meta"), "type"));
      if (!strict || "transfer-encoding.md".equals(row.get("file"))) {
        continue; // these cases differ only in their bodies
      }
      ResponseHead head = ResponseHead.parse(headOf(String.valueOf(row.get("raw_base64"))));
      Map<?, ?> error = (Map<?, ?>) expected.get("error");
      if (error == null && head != null) {
        List<Header> fields =
            ((List<?>) get(expected, "headers"))
                .stream()
                    .map(field -> (List<?>) field)
                    .map(
                        f ->
                            new Header(
                                String.valueOf(f.get(0)),
                                ResponseHead.trim(String.valueOf(f.get(1)))))
                    .toList();
        assertThat(fields).as("%s", row.get("name")).containsAll(head.fields());
        read++;
      } else if (error != null && !OF_THE_CONNECTION.contains(get(error, "reason"))) {
        assertThat(head == null || head.doubtful()).as("%s", row.get("name")).isTrue();
        refused++;
      }
    }
    assertThat(read).isGreaterThan(25);
    assertThat(refused).isGreaterThan(14);
  }

  private static final Set<String> OF_THE_CONNECTION =
      Set.of("Data after `Connection: close`", "Pause on CONNECT/Upgrade");

  private static String headOf(String base64) {
    String raw = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    String head = raw.startsWith("\r\n") ? raw.substring(2) : raw;
    int end = head.indexOf("\r\n\r\n");
    int bare = head.indexOf("\n\n");
    int to = end < 0 ? bare < 0 ? head.length() : bare + 2 : end + 4;
    return head.substring(0, to);
  }

  private static Object get(@Nullable Map<?, ?> of, String key) {
    return Objects.requireNonNull(Objects.requireNonNull(of).get(key));
  }
}
