package io.sluice.launcher.control;

import io.sluice.core.lifecycle.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends commands to a running crawl through its control socket. Thread-safe: each call has its own
 * connection.
 */
public final class ControlClient {

  /** How long the crawl may take to answer, including the time for clients before this one. */
  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(2);

  private final Path socket;

  /**
   * @param socket the crawl's control socket
   */
  public ControlClient(Path socket) {
    this.socket = socket;
  }

  /**
   * Sends a command and waits for the reply.
   *
   * @return the reply; empty if no crawl is listening, even if a crawl that has ended left its
   *     socket behind
   * @throws IOException if the crawl does not answer within two minutes, or closes the connection,
   *     or this user may not write to the socket; the message is one line for the operator
   */
  public Optional<Reply> ask(Command command) throws IOException {
    if (!Files.exists(socket)) {
      return Optional.empty();
    }
    Deadline deadline = Deadline.in(ANSWERS_WITHIN);
    try (SocketChannel channel = connect(socket);
        Selector selector = Selector.open()) {
      LineChannel line = new LineChannel(channel, selector);
      line.write(command.toJson(), deadline);
      return Optional.of(Reply.parse(line.read(deadline)));
    } catch (ConnectException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException(
          "%s: the crawl did not answer: %s".formatted(socket, e.getMessage()), e);
    }
  }

  /** Whether a process is listening at the given path. */
  static boolean listens(Path socket) throws IOException {
    try (SocketChannel _ = connect(socket)) {
      return true;
    } catch (ConnectException e) {
      return false; // the socket's process has ended
    }
  }

  /** Connects without waiting; fails if too many other clients are connecting. */
  private static SocketChannel connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try (ShortPath way = ShortPath.to(socket)) {
      channel.configureBlocking(false);
      if (!channel.connect(way.address())) {
        throw new IOException("too many commands are already waiting");
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
