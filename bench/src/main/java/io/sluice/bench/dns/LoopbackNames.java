package io.sluice.bench.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A name server on loopback that gives every name one IPv4 address and no other. Runs one daemon
 * thread until it is closed.
 */
final class LoopbackNames implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int BUFFER_BYTES = 4 << 20;

  private final DatagramSocket socket;

  LoopbackNames() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.setReceiveBufferSize(BUFFER_BYTES);
    Thread.ofPlatform().daemon().name("names").start(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      while (true) {
        packet.setData(buffer, 0, buffer.length);
        socket.receive(packet);
        packet.setLength(answer(ByteBuffer.wrap(buffer)));
        socket.send(packet);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Turns a query into its answer, and returns the answer's length in bytes. */
  private static int answer(ByteBuffer message) {
    int end = 12;
    while (message.get(end) != 0) {
      end += message.get(end) + 1;
    }
    boolean address = message.getShort(end + 1) == TYPE_A;
    message
        .putShort(2, (short) 0x8180)
        .putShort(6, (short) (address ? 1 : 0))
        .putShort(10, (short) 0);
    message.position(end + 5);
    if (address) {
      message.putShort((short) 0xC00C).putShort((short) TYPE_A).putShort((short) 1).putInt(60);
      message.putShort((short) 4).putInt(0xC0000201);
    }
    return message.position();
  }

  @Override
  public void close() {
    socket.close();
  }
}
