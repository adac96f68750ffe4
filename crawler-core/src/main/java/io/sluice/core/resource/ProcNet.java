package io.sluice.core.resource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's tables of sockets, {@code /proc/<pid>/net/*}, by inode. A table that cannot be read
 * counts as empty. Immutable.
 */
final class ProcNet {

  private static final List<String> INTERNET = List.of("tcp", "tcp6", "udp", "udp6");

  private final Map<Long, Socket> sockets;

  private ProcNet(Map<Long, Socket> sockets) {
    this.sockets = sockets;
  }

  /** Reads the tables under {@code proc}, which is {@code /proc/self} or a recording of one. */
  static ProcNet read(Path proc) {
    Map<Long, Socket> sockets = new HashMap<>();
    for (String table : INTERNET) {
      for (String line : lines(proc.resolve("net").resolve(table))) {
        readInternet(line, sockets);
      }
    }
    for (String line : lines(proc.resolve("net").resolve("unix"))) {
      readUnix(line, sockets);
    }
    return new ProcNet(sockets);
  }

  /** The socket with the given inode; null if the kernel lists none. */
  @Nullable Socket socket(long inode) {
    return sockets.get(inode);
  }

  private static List<String> lines(Path table) {
    try {
      String text = new String(Files.readAllBytes(table), StandardCharsets.UTF_8); // paths
      List<String> lines = text.lines().toList();
      return lines.isEmpty() ? lines : lines.subList(1, lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** {@code sl local rem st tx:rx tr:tm retrnsmt uid timeout inode …}. */
  private static void readInternet(String line, Map<Long, Socket> into) {
    String[] fields = line.strip().split("\\s+", 11);
    if (fields.length > 9) {
      into.put(
          Long.parseLong(fields[9]),
          new Internet(port(fields[1]), address(fields[2]), port(fields[2])));
    }
  }

  /** {@code Num RefCount Protocol Flags Type St Inode [Path]}. */
  private static void readUnix(String line, Map<Long, Socket> into) {
    String[] fields = line.strip().split("\\s+", 8);
    if (fields.length > 6) {
      into.put(Long.parseLong(fields[6]), new Unix(fields.length > 7 ? fields[7] : ""));
    }
  }

  private static int port(String hexAddress) {
    return Integer.parseInt(hexAddress, hexAddress.indexOf(':') + 1, hexAddress.length(), 16);
  }

  /** The kernel prints an address as 32-bit words in the machine's byte order. */
  private static @Nullable InetAddress address(String hexAddress) {
    String hex = hexAddress.substring(0, hexAddress.indexOf(':'));
    byte[] words = HexFormat.of().parseHex(hex);
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      for (int word = 0; word < words.length; word += 4) {
        swap(words, word, word + 3);
        swap(words, word + 1, word + 2);
      }
    }
    try {
      return InetAddress.getByAddress(words);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte kept = bytes[one];
    bytes[one] = bytes[other];
    bytes[other] = kept;
  }

  /** One line of a table. */
  sealed interface Socket {}

  /**
   * A TCP or UDP socket.
   *
   * @param localPort its own port
   * @param peer the address that it is connected to; all zeros if it is not
   * @param peerPort the peer's port; 0 if it is not connected
   */
  record Internet(int localPort, @Nullable InetAddress peer, int peerPort) implements Socket {}

  /**
   * A Unix domain socket.
   *
   * @param path the path that it is bound to; empty for a client's end, whose peer the table does
   *     not show
   */
  record Unix(String path) implements Socket {}
}
