package io.sluice.fetcher.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A name server on loopback for which the test writes each answer, forged ones included. It passes
 * on queries for IPv4 addresses and leaves others without an answer. Over TCP it gives every name
 * one address. Thread-safe.
 */
public final class ScriptedNameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int ANSWER = 0x8180;
  private static final int TRUNCATED = 0x0200;

  private final DatagramSocket socket;
  private final ServerSocket stream;
  private final List<Thread> threads;
  private final List<Query> queries = new CopyOnWriteArrayList<>();

  /** The IPv6 address of every name; empty for none; null to leave such queries unanswered. */
  private volatile @Nullable String ipv6;

  private ScriptedNameServer(Script script, String ipOverTcp) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    socket = new DatagramSocket(0, loopback);
    stream = new ServerSocket(socket.getLocalPort(), 16, loopback);
    threads =
        List.of(
            Thread.ofPlatform().daemon().start(() -> serve(script)),
            Thread.ofPlatform().daemon().start(() -> serveStreams(ipOverTcp)));
  }

  /** Starts a server that runs the script for each query for an IPv4 address. */
  public static ScriptedNameServer start(Script script) throws IOException {
    return new ScriptedNameServer(script, "192.0.2.53");
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  /** The queries for IPv4 addresses up to now. */
  public List<Query> queries() {
    return List.copyOf(queries);
  }

  private void serve(Script script) {
    byte[] buffer = new byte[1500];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Query query =
            query(
                ByteBuffer.wrap(buffer, 0, packet.getLength()),
                (InetSocketAddress) packet.getSocketAddress());
        String ip = ipv6;
        if (query.type == TYPE_A) {
          queries.add(query);
          script.answer(query, this);
        } else if (ip != null) {
          answer(query, ip);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serveStreams(String ip) {
    while (!stream.isClosed()) {
      try (Socket client = stream.accept();
          DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] message = in.readNBytes(in.readUnsignedShort());
        InetSocketAddress asker = (InetSocketAddress) client.getRemoteSocketAddress();
        Query query = query(ByteBuffer.wrap(message), asker);
        byte[] answer = message(query.id, ANSWER, query.question, query.type == TYPE_A ? ip : "");
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
        in.read(); // until the client closes
      } catch (IOException e) {
        // Closed, or the client went away.
      }
    }
  }

  private static Query query(ByteBuffer message, InetSocketAddress asker) {
    int id = message.getShort() & 0xFFFF;
    message.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = message.get(); length > 0; length = message.get()) {
      byte[] label = new byte[length];
      message.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = message.getShort();
    message.getShort();
    byte[] question = new byte[message.position() - 12];
    message.get(12, question);
    return new Query(id, name.toString(), type, question, asker);
  }

  /** Sends the address to the one that sent {@code query}. */
  public void answer(Query query, String ip) throws IOException {
    answer(query, query.id, query.question, ip, socket);
  }

  /**
   * Sends an answer to the one that sent {@code query}.
   *
   * @param id the answer's id
   * @param question what the answer says it answers
   * @param from the socket that it is sent by
   */
  public void answer(Query query, int id, byte[] question, String ip, DatagramSocket from)
      throws IOException {
    byte[] message = message(id, ANSWER, question, ip);
    from.send(new DatagramPacket(message, message.length, query.asker));
  }

  /** Sends an answer without an address that says it is truncated. */
  public void truncate(Query query) throws IOException {
    byte[] message = message(query.id, ANSWER | TRUNCATED, query.question, "");
    socket.send(new DatagramPacket(message, message.length, query.asker));
  }

  /** Answers queries for IPv6 addresses from now on: with the given address, or none if empty. */
  public void answerIpv6(String ip) {
    ipv6 = ip;
  }

  /** Takes no TCP connection from now on. */
  public void refuseStreams() throws IOException {
    stream.close();
  }

  /** The socket by which it answers. */
  public DatagramSocket socket() {
    return socket;
  }

  private static byte[] message(int id, int flags, byte[] question, String ip) {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) id).putShort((short) flags).putShort((short) 1);
    out.putShort((short) (ip.isEmpty() ? 0 : 1)).putInt(0).put(question);
    if (!ip.isEmpty()) {
      byte[] address = InetAddress.ofLiteral(ip).getAddress();
      int type = address.length == 4 ? TYPE_A : TYPE_AAAA;
      out.putShort((short) 0xC00C).putShort((short) type).putShort((short) 1).putInt(60);
      out.putShort((short) address.length).put(address);
    }
    byte[] message = new byte[out.position()];
    out.get(0, message);
    return message;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    stream.close();
    for (Thread thread : threads) {
      try {
        thread.join(2000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the server does about a query. */
  @FunctionalInterface
  public interface Script {
    /** Answers a query, or does not. */
    void answer(Query query, ScriptedNameServer server) throws IOException;
  }

  /**
   * A query as it arrived.
   *
   * @param question the question section as it was sent
   * @param asker the address that it came from
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Query(int id, String name, int type, byte[] question, InetSocketAddress asker) {}
}
