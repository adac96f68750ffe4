package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class StatusClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The beginning of an answer that is never completed. */
  private static final byte[] START =
      "HTTP/1.1 200 \r\nContent-Length: 10000\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ResourceLedger ledger = new ResourceLedger();

  @Test
  void aWholeAnswerIsItsBody() throws Exception {
    assertThat(answer("HTTP/1.1 200 \r\nContent-Length: 8\r\n\r\nsu\u00dfe 1\n"))
        .isEqualTo("su\u00dfe 1\n");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "HTTP/1.1 200 \r\nContent-Length: 26\r\n\r\nsluice_fetched_total 1",
        "HTTP/1.1 200 \r\n\r\nsluice_fetched_total 1",
        "HTTP/1.1 503 \r\nContent-Length: 3\r\n\r\nno\n",
        "HTTP/1.1 200 \r\nContent-Le",
        ""
      })
  void whatAProcessThatEndsMeanwhileSaidInPartIsNotAnAnswer(String said) throws Exception {
    assertThat(answer(said)).isNull();
  }

  @Test
  void anAnswerThatDripsIsGivenUpWhenTheCallsPatienceIsOver() throws Exception {
    Duration patience = Duration.ofMillis(300);
    long began = System.nanoTime();
    String read =
        answer(
            patience,
            out -> {
              out.write(START);
              Deadline deadline = Deadline.in(PATIENCE); // the client closes the connection earlier
              while (deadline.pause(Duration.ofMillis(20))) {
                out.write('x');
              }
            });
    assertThat(read).isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(patience, PATIENCE);
  }

  @Test
  void anAnswerOfMoreThanAMebibyteIsNotReadToItsEnd() throws Exception {
    assertThat(answer(PATIENCE, out -> out.write(whole("x".repeat(1000 << 10)))))
        .hasSize(1_024_000);
    assertThat(answer(PATIENCE, out -> out.write(whole("x".repeat(1 << 20))))).isNull();
  }

  @Test
  void aStatusThatIsNotJsonIsNotAStatus() throws Exception {
    assertThat(status("{\"queued\": 5}")).hasToString("{\"queued\":5}");
    assertThat(status("busy")).isNull();
  }

  private static byte[] whole(String body) {
    return "HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes a process's answer to a request; may fail because the client has closed the connection.
   */
  private interface Talk {
    void to(OutputStream client) throws IOException, InterruptedException;
  }

  /** Returns the client's result for an answer after which the connection ends. */
  private @Nullable String answer(String said) throws Exception {
    return answer(PATIENCE, out -> out.write(said.getBytes(StandardCharsets.UTF_8)));
  }

  private @Nullable String answer(Duration patience, Talk talk) throws Exception {
    return ask(patience, talk, (client, port) -> client.read(port, "/metrics"));
  }

  private @Nullable Status status(String body) throws Exception {
    return ask(PATIENCE, out -> out.write(whole(body)), StatusClient::status);
  }

  private <T extends @Nullable Object> T ask(
      Duration patience, Talk talk, BiFunction<StatusClient, Integer, T> question)
      throws Exception {
    try (ServerSocket process = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> talking = CompletableFuture.runAsync(() -> serve(process, talk));
      T read =
          question.apply(new StatusClient("127.0.0.1", patience, ledger), process.getLocalPort());
      talking.join();
      assertThat(ledger.open()).isEmpty();
      return read;
    }
  }

  private static void serve(ServerSocket process, Talk talk) {
    try (Socket socket = process.accept()) {
      while (socket.getInputStream().read() != '\n') {
        // the content of the request does not matter
      }
      talk.to(socket.getOutputStream());
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // the client may close the connection
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
