package io.sluice.core.resource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some sockets of the kernel's tables, {@code /proc/<pid>/net/*}, by inode. A table that cannot be
 * read counts as empty. Immutable.
 *
 * <p>The tables have a line for each socket of the machine, so of most lines only the inode is
 * looked at.
 */
final class ProcNet {

  private static final List<String> INTERNET = List.of("tcp", "tcp6", "udp", "udp6");

  /** The fields before the inode's in a line of an Internet table, and of the table for Unix. */
  private static final int BEFORE_INTERNET_INODE = 9;

  private static final int BEFORE_UNIX_INODE = 6;

  private final Map<Long, Socket> sockets;

  private ProcNet(Map<Long, Socket> sockets) {
    this.sockets = sockets;
  }

  /**
   * Reads the tables until all sockets are found.
   *
   * @param proc {@code /proc/self} or a recording of one
   * @param inodes inode numbers of the sockets to find
   */
  static ProcNet read(Path proc, Set<Long> inodes) {
    Map<Long, Socket> sockets = new HashMap<>();
    for (String table : INTERNET) {
      if (sockets.size() < inodes.size()) {
        lines(proc.resolve("net").resolve(table), BEFORE_INTERNET_INODE, inodes)
            .forEach(line -> readInternet(line, sockets));
      }
    }
    if (sockets.size() < inodes.size()) {
      lines(proc.resolve("net").resolve("unix"), BEFORE_UNIX_INODE, inodes)
          .forEach(line -> readUnix(line, sockets));
    }
    return new ProcNet(sockets);
  }

  /** The socket with the given inode; null if the kernel lists none. */
  @Nullable Socket socket(long inode) {
    return sockets.get(inode);
  }

  /**
   * The lines of the given inodes.
   *
   * @param before how many fields come before the inode
   */
  private static List<String> lines(Path table, int before, Set<Long> inodes) {
    List<String> lines = new ArrayList<>();
    try {
      byte[] text = Files.readAllBytes(table);
      for (int from = 0; from < text.length; ) {
        int to = end(text, from);
        if (inodes.contains(number(text, from, to, before))) {
          lines.add(new String(text, from, to - from, StandardCharsets.UTF_8)); // paths
        }
        from = to + 1;
      }
    } catch (IOException e) {
      return List.of();
    }
    return lines;
  }

  private static int end(byte[] text, int from) {
    int end = from;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  /** The number in a field of a line; -1 if there is none, as in the line of headings. */
  private static long number(byte[] text, int from, int to, int before) {
    int at = skip(text, from, to, true);
    for (int field = 0; field < before; field++) {
      at = skip(text, skip(text, at, to, false), to, true);
    }
    long number = at < to ? 0 : -1;
    for (; at < to && text[at] != ' '; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static int skip(byte[] text, int from, int to, boolean blanks) {
    int at = from;
    while (at < to && (text[at] == ' ') == blanks) {
      at++;
    }
    return at;
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
   * @param localPort the port that it is bound to
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
