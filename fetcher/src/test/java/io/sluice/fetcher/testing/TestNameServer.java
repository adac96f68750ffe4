package io.sluice.fetcher.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A name server on loopback, over UDP, that answers A questions as the test defines. Thread-safe.
 */
public final class TestNameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int ANSWER = 0x8180;
  private static final int NAME_ERROR = 3;
  private static final int SERVER_FAILURE = 2;

  private final DatagramSocket socket;
  private final Thread thread;
  private final Function<String, Answer> zone;
  private final List<String> questions = new CopyOnWriteArrayList<>();

  private TestNameServer(DatagramSocket socket, Function<String, Answer> zone) {
    this.socket = socket;
    this.zone = zone;
    this.thread = new Thread(this::serve, "test-name-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a server that answers as {@code zone} defines. */
  public static TestNameServer start(Function<String, Answer> zone) {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return new TestNameServer(new DatagramSocket(0, loopback), zone);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  /** The names whose IPv4 address was queried, in the order of the questions. */
  public List<String> questions() {
    return List.copyOf(questions);
  }

  private void serve() {
    byte[] buffer = new byte[1500];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        if (answer != null) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private byte @Nullable [] answer(ByteBuffer query) throws IOException {
    short id = query.getShort();
    query.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = query.get(); length > 0; length = query.get()) {
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = query.getShort();
    query.getShort();
    byte[] question = new byte[query.position() - 12];
    query.get(12, question);
    if (type == TYPE_A) {
      questions.add(name.toString());
    }
    return switch (zone.apply(name.toString())) {
      case Answer.Address(String ip, int ttl) ->
          message(id, 0, question, type == TYPE_A ? List.of(ip) : List.of(), ttl);
      case Answer.Addresses(List<String> ips, int ttl) ->
          message(id, 0, question, type == TYPE_A ? ips : List.of(), ttl);
      case Answer.NoSuchName _ -> message(id, NAME_ERROR, question, List.of(), 0);
      case Answer.ServerFailure _ -> message(id, SERVER_FAILURE, question, List.of(), 0);
      case Answer.Code(int code) -> message(id, code, question, List.of(), 0);
      case Answer.CodeUnlessAddress(int code) ->
          type == TYPE_A ? null : message(id, code, question, List.of(), 0);
      case Answer.Silence _ -> null;
    };
  }

  private static byte[] message(short id, int code, byte[] question, List<String> ips, int ttl)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(id);
    out.writeShort(ANSWER | code);
    out.writeShort(1);
    out.writeShort(ips.size());
    out.writeInt(0);
    out.write(question);
    for (String ip : ips) {
      out.writeShort(0xC00C); // the question's name
      out.writeShort(TYPE_A);
      out.writeShort(1);
      out.writeInt(ttl);
      out.writeShort(4);
      for (String number : ip.split("\\.", -1)) {
        out.writeByte(Integer.parseInt(number));
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The server's answer for a name. */
  public sealed interface Answer {
    /** The name has this IPv4 address. */
    record Address(String ip, int ttlSeconds) implements Answer {}

    /** The name has all of these IPv4 addresses. */
    record Addresses(List<String> ips, int ttlSeconds) implements Answer {
      public Addresses {
        ips = List.copyOf(ips);
      }
    }

    /** NXDOMAIN. */
    record NoSuchName() implements Answer {}

    /** SERVFAIL. */
    record ServerFailure() implements Answer {}

    /** No address, with the given response code; 0 for no error. */
    record Code(int code) implements Answer {}

    /** Like {@link Code} for every type except A, which gets no answer. */
    record CodeUnlessAddress(int code) implements Answer {}

    /** Nothing. */
    record Silence() implements Answer {}
  }
}
