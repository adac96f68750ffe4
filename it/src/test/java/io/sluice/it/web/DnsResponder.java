package io.sluice.it.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A name server on a UDP port that answers each name according to {@link Names} (RFC 1035); usually
 * all names with one suffix have the same IPv4 address, and no other name exists. It does not
 * answer names that begin with {@link #MUTE}. Runs one daemon thread, which ends when the socket is
 * closed.
 */
final class DnsResponder implements AutoCloseable {

  /** Prefix of names whose lookup is never answered. */
  static final String MUTE = "mute";

  private static final int TYPE_A = 1;

  private final DatagramSocket socket;
  private final Names names;

  private DnsResponder(InetAddress server, Names names) throws IOException {
    this.names = names;
    socket = new DatagramSocket(new InetSocketAddress(server, 0));
    Thread.ofPlatform().daemon().name("test-dns").start(this::serve);
  }

  /** Starts a server on loopback that answers for every name with a suffix with one address. */
  static DnsResponder answering(String suffix, InetAddress address) throws IOException {
    Names names = name -> name.endsWith(suffix) ? Names.at(address) : Names.absent();
    return new DnsResponder(InetAddress.getLoopbackAddress(), names);
  }

  /** Starts a server on an address of this machine; the caller closes it. */
  static DnsResponder on(InetAddress server, Names names) throws IOException {
    return new DnsResponder(server, names);
  }

  String address() {
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        reply(answer(ByteBuffer.wrap(buffer, 0, packet.getLength())), packet.getSocketAddress());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void reply(byte[] reply, SocketAddress asker) {
    try {
      if (reply.length > 0) {
        socket.send(new DatagramPacket(reply, reply.length, asker));
      }
    } catch (IOException e) {
      // a test has cut the network, so the client does not get an answer
    }
  }

  private byte[] answer(ByteBuffer query) {
    int id = query.getShort(0);
    int end = 12;
    StringBuilder name = new StringBuilder();
    while (query.get(end) != 0) {
      int length = query.get(end);
      byte[] label = new byte[length];
      query.get(end + 1, label);
      name.append('.').append(new String(label, StandardCharsets.US_ASCII));
      end += length + 1;
    }
    if (name.toString().startsWith("." + MUTE)) {
      return new byte[0];
    }
    Names.Answer answer = names.answer(name.isEmpty() ? "." : name.substring(1));
    if (answer.silent()) {
      return new byte[0];
    }
    int type = query.getShort(end + 1);
    int questionEnd = end + 5;
    InetAddress address = type == TYPE_A ? answer.address() : null;
    ByteBuffer reply = ByteBuffer.allocate(questionEnd + (address != null ? 16 : 0));
    reply.putShort((short) id).putShort((short) (0x8180 | answer.code()));
    reply.putShort((short) 1).putShort((short) (address != null ? 1 : 0)).putInt(0);
    reply.put(query.slice(12, questionEnd - 12));
    if (address != null) {
      reply.putShort((short) 0xC00C).putShort((short) TYPE_A).putShort((short) 1).putInt(60);
      reply.putShort((short) 4).put(address.getAddress());
    }
    return reply.array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
