package io.sluice.launcher.demo;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import io.sluice.core.resource.ResourceKind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name server for the demo (RFC 1035): it resolves every name below {@link DemoSite#DOMAIN} to
 * 127.0.0.1 and knows no other names. Answers on a loopback UDP port that the system chooses. Owns
 * its socket and thread, which {@link #close} ends. Thread-safe: its state is its socket.
 */
final class DemoDns implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DemoDns.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private static final int HEADER_BYTES = 12;
  private static final int TYPE_A = 1;
  private static final int CLASS_IN = 1;
  private static final int TTL_SECONDS = 60;
  private static final int NO_ERROR = 0;
  private static final int NAME_ERROR = 3;

  /**
   * The flags of an authoritative response; the flag "recursion desired" is copied from the query.
   */
  private static final int RESPONSE_FLAGS = 0x8400;

  private static final int RECURSION_DESIRED = 0x0100;

  /** A pointer to the name of the question (RFC 1035, 4.1.4). */
  private static final int POINTER_TO_QUESTION = 0xC000 | HEADER_BYTES;

  private final DatagramSocket socket;
  private final Thread thread;
  private final Ledger.Entry entry;

  private DemoDns(DatagramSocket socket, Ledger.Entry entry, Ledger ledger) {
    this.socket = socket;
    this.entry = entry;
    this.thread =
        new OwnedThreads(Thread.ofPlatform().name("demo-dns"), ledger, "demo.dns")
            .newThread(this::serve);
  }

  /** Starts answering. */
  static DemoDns start(Ledger ledger) throws IOException {
    DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    DemoDns dns = new DemoDns(socket, ledger.enter(ResourceKind.DNS, "demo.dns"), ledger);
    dns.thread.start();
    return dns;
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        if (answer != null) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
        packet.setLength(512);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.warn("the demo's name server could not answer", e);
        }
      }
    }
  }

  /** The response to a query; null if the bytes are not a query. */
  static byte @Nullable [] answer(ByteBuffer query) throws IOException {
    if (query.remaining() < HEADER_BYTES) {
      return null;
    }
    int start = query.position();
    int id = query.getShort(start);
    int recursion = query.getShort(start + 2) & RECURSION_DESIRED;
    query.position(start + HEADER_BYTES);
    String name = name(query);
    if (name == null || query.remaining() < 4) {
      return null;
    }
    int type = query.getShort();
    int end = query.position() + 2;
    boolean ours = name.endsWith("." + DemoSite.DOMAIN);
    boolean address = ours && type == TYPE_A;

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream answer = new DataOutputStream(bytes);
    answer.writeShort(id);
    answer.writeShort(RESPONSE_FLAGS | recursion | (ours ? NO_ERROR : NAME_ERROR));
    answer.writeShort(1);
    answer.writeShort(address ? 1 : 0);
    answer.writeShort(0);
    answer.writeShort(0);
    answer.write(
        query.array(), query.arrayOffset() + start + HEADER_BYTES, end - start - HEADER_BYTES);
    if (address) {
      answer.writeShort(POINTER_TO_QUESTION);
      answer.writeShort(TYPE_A);
      answer.writeShort(CLASS_IN);
      answer.writeInt(TTL_SECONDS);
      answer.writeShort(4);
      answer.write(new byte[] {127, 0, 0, 1});
    }
    return bytes.toByteArray();
  }

  /** Reads labels up to the root, in lower case; null if they are cut short or compressed. */
  private static @Nullable String name(ByteBuffer query) {
    StringBuilder name = new StringBuilder();
    while (query.hasRemaining()) {
      int length = query.get() & 0xFF;
      if (length == 0) {
        return name.toString().toLowerCase(Locale.ROOT);
      }
      if (length > 63 || length > query.remaining()) {
        return null;
      }
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    return null;
  }

  @Override
  public void close() {
    socket.close();
    try {
      if (thread.join(CLOSE_WAIT)) {
        entry.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
