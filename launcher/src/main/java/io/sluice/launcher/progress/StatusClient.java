package io.sluice.launcher.progress;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pages of at most 1 MiB from the admin ports of processes on this machine. Each call ends
 * within its time limit and leaves nothing open, unlike the JDK's own client, which keeps a socket
 * for a next call that may never be made. Immutable; may be used on any thread.
 */
public final class StatusClient {

  private static final Logger log = LoggerFactory.getLogger(StatusClient.class);

  private static final int MAX_BYTES = 1 << 20;
  private static final String FIELDS = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  private static final String HEAD_END = "\r\n\r\n";
  private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d{1,9})\r\n");

  private final String address;
  private final Duration patience;
  private final Ledger ledger;

  /**
   * @param address where the processes listen, an address or a name
   * @param patience maximum duration of a call
   * @param ledger records each socket while it is open
   */
  public StatusClient(String address, Duration patience, Ledger ledger) {
    this.address = address;
    this.patience = patience;
    this.ledger = ledger;
  }

  /**
   * Returns a page of the process at the given port; null unless a complete response with status
   * 200 arrives in time.
   */
  public @Nullable String read(int port, String path) {
    Deadline deadline = Deadline.in(patience);
    try (Ledger.Entry _ = ledger.enter(ResourceKind.HTTP, "launcher.status");
        Socket socket = new Socket()) {
      InetSocketAddress admin = new InetSocketAddress(InetAddress.getByName(address), port);
      socket.connect(admin, millis(deadline));
      String request = "GET " + path + FIELDS;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return body(response(socket, deadline));
    } catch (IOException e) {
      return null; // The process is not up yet, or has ended; the next tick tries again.
    }
  }

  /** Returns the status of the process at the given port; null if it does not answer with JSON. */
  public @Nullable Status status(int port) {
    String json = read(port, "/status");
    try {
      return json == null ? null : Status.parse(json);
    } catch (IOException e) {
      log.debug("the status at port {} cannot be read", port, e);
      return null;
    }
  }

  private static byte[] response(Socket socket, Deadline deadline) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[16 << 10];
    InputStream in = socket.getInputStream();
    socket.setSoTimeout(millis(deadline));
    for (int read = in.read(some); read >= 0; read = in.read(some)) {
      all.write(some, 0, read);
      if (all.size() > MAX_BYTES || deadline.passed()) {
        throw new IOException("the answer is too long or too late");
      }
      socket.setSoTimeout(millis(deadline));
    }
    return all.toByteArray();
  }

  /** The time left, at least 1, since 0 means no timeout to a socket. */
  private static int millis(Deadline deadline) {
    return (int) Math.max(1, deadline.left().toMillis());
  }

  /**
   * Returns the body; null unless the status is 200 and the response is complete: a process that
   * ends while it answers may truncate a number.
   */
  private static @Nullable String body(byte[] response) {
    String bytes = new String(response, StandardCharsets.ISO_8859_1);
    int from = bytes.indexOf(HEAD_END) + HEAD_END.length();
    if (from < HEAD_END.length() || !bytes.startsWith("HTTP/1.1 200 ")) {
      return null;
    }
    Matcher length = LENGTH.matcher(bytes).region(0, from);
    boolean whole = length.find() && Integer.parseInt(length.group(1)) == response.length - from;
    return whole
        ? new String(response, from, response.length - from, StandardCharsets.UTF_8)
        : null;
  }
}
