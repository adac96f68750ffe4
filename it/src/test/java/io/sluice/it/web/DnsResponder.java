package io.sluice.it.web;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A name server on a loopback UDP port that gives every name with one suffix the same IPv4 address,
 * and knows no other (RFC 1035). Of names that begin with {@link #MUTE} it says nothing at all. One
 * daemon thread, which ends when the socket is closed.
 */
final class DnsResponder implements AutoCloseable {

  /** How a name begins whose look-up is never answered. */
  static final String MUTE = "mute";

  private static final int TYPE_A = 1;

  private final DatagramSocket socket;
  private final String suffix;
  private final byte[] address;

  private DnsResponder(String suffix, InetAddress address) throws IOException {
    this.suffix = suffix;
    this.address = address.getAddress();
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("test-dns").start(this::serve);
  }

  static DnsResponder answering(String suffix, InetAddress address) throws IOException {
    return new DnsResponder(suffix, address);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] reply = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        if (reply.length > 0) {
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
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
    int type = query.getShort(end + 1);
    int questionEnd = end + 5;
    boolean known = name.toString().endsWith(suffix);
    boolean answered = known && type == TYPE_A;
    ByteBuffer reply = ByteBuffer.allocate(questionEnd + (answered ? 16 : 0));
    reply.putShort((short) id).putShort((short) (known ? 0x8180 : 0x8183));
    reply.putShort((short) 1).putShort((short) (answered ? 1 : 0)).putInt(0);
    reply.put(query.slice(12, questionEnd - 12));
    if (answered) {
      reply.putShort((short) 0xC00C).putShort((short) TYPE_A).putShort((short) 1).putInt(60);
      reply.putShort((short) address.length).put(address);
    }
    return reply.array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
