package io.sluice.core.resource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a descriptor, judged by what it leads to: a file by its path, a socket by its port, its
 * peer or its path. The wiring adds rules as parts open; there are a handful of them. Thread-safe:
 * concurrent maps.
 */
public final class DescriptorRules {

  /** What the JVM and the C library open for themselves. */
  private static final List<String> LIBRARY_PLACES =
      List.of(
          "/proc/",
          "/sys/",
          "/dev/random",
          "/dev/urandom",
          "/etc/",
          "/usr/lib/",
          "/usr/share/",
          "/lib/",
          "/lib64/",
          System.getProperty("java.home") + "/");

  private static final List<String> LIBRARY_ENDINGS =
      List.of(".jar", ".so", ".jsa", ".aot", ".class", ".ttf", ".otf", ".pfb", ".jfr", ".hprof");

  /** Where a JVM listens to {@code jcmd} and its like, once it was asked. */
  private static final String DIAGNOSTICS = "/.java_pid";

  private static final List<String> TERMINALS = List.of("/dev/null", "/dev/tty", "/dev/pts/");

  private static final List<String> EVENT_LOOP =
      List.of(
          "anon_inode:[eventpoll]",
          "anon_inode:[eventfd]",
          "anon_inode:[timerfd]",
          "anon_inode:[io_uring]");

  /** Ordered backwards, so that the longest prefix comes first. */
  private final ConcurrentSkipListMap<String, ResourceKind> folders =
      new ConcurrentSkipListMap<>((one, other) -> other.compareTo(one));

  private final Map<Integer, ResourceKind> localPorts = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, ResourceKind> peers = new ConcurrentHashMap<>();
  private final Map<String, ResourceKind> socketPaths = new ConcurrentHashMap<>();

  /** Nothing but what every JVM has. */
  public DescriptorRules() {}

  /**
   * Files in a folder, or one file, that a library opens and closes as it likes: the log's. Of two
   * folders, one in the other, the inner one's rule holds.
   */
  public DescriptorRules files(ResourceKind kind, Path place) {
    folders.put(place.toAbsolutePath().normalize().toString(), kind);
    try {
      folders.put(place.toRealPath().toString(), kind);
    } catch (IOException e) {
      return this; // It is not there yet, so no link leads to it.
    }
    return this;
  }

  /** Files in a folder that have no owner but by the ledger, whatever their names look like. */
  public DescriptorRules claimed(Path place) {
    return files(ResourceKind.UNATTRIBUTED, place);
  }

  /** Sockets whose own port this is: a listening one, and what it accepted. */
  public DescriptorRules localPort(ResourceKind kind, int port) {
    localPorts.put(port, kind);
    return this;
  }

  /** Sockets connected to that server; only the port counts where the address is unresolved. */
  public DescriptorRules peer(ResourceKind kind, InetSocketAddress server) {
    peers.put(server.isUnresolved() ? anyAt(server.getPort()) : server, kind);
    return this;
  }

  /** Unix domain sockets bound to that path. */
  public DescriptorRules socketPath(ResourceKind kind, Path path) {
    socketPaths.put(path.toAbsolutePath().normalize().toString(), kind);
    return this;
  }

  /** The kind of what is no socket, by the target of its link under {@code /proc/self/fd}. */
  ResourceKind ofFile(String target) {
    String path = Claims.nameOf(target);
    for (Map.Entry<String, ResourceKind> folder : folders.entrySet()) {
      if (path.startsWith(folder.getKey()) && endsAt(path, folder.getKey().length())) {
        return folder.getValue();
      }
    }
    if (path.startsWith("pipe:")) {
      return ResourceKind.PIPE;
    }
    if (EVENT_LOOP.contains(path)) {
      return ResourceKind.EPOLL;
    }
    if (beginsWithOne(path, TERMINALS)) {
      return ResourceKind.OTHER;
    }
    if (beginsWithOne(path, LIBRARY_PLACES)
        || LIBRARY_ENDINGS.stream().anyMatch(path::endsWith)
        || path.contains("/hsperfdata_")) {
      return ResourceKind.LIBRARY;
    }
    return ResourceKind.UNATTRIBUTED;
  }

  /** The kind of a socket; null, for want of a line in the kernel's tables, is nobody's. */
  ResourceKind ofSocket(ProcNet.@Nullable Socket socket) {
    return switch (socket) {
      case null -> ResourceKind.UNATTRIBUTED;
      case ProcNet.Unix unix -> ofUnix(unix.path());
      case ProcNet.Internet internet -> ofInternet(internet);
    };
  }

  private ResourceKind ofUnix(String path) {
    ResourceKind kind = socketPaths.get(path);
    if (kind == null && path.contains(DIAGNOSTICS)) {
      return ResourceKind.LIBRARY;
    }
    return kind == null ? ResourceKind.UNATTRIBUTED : kind;
  }

  private ResourceKind ofInternet(ProcNet.Internet socket) {
    ResourceKind kind = localPorts.get(socket.localPort());
    if (kind == null) {
      kind = peers.get(new InetSocketAddress(socket.peer(), socket.peerPort()));
    }
    if (kind == null) {
      kind = peers.get(anyAt(socket.peerPort()));
    }
    return kind == null ? ResourceKind.UNATTRIBUTED : kind;
  }

  private static InetSocketAddress anyAt(int port) {
    return new InetSocketAddress((InetAddress) null, port);
  }

  private static boolean endsAt(String path, int length) {
    return path.length() == length || path.charAt(length) == '/';
  }

  private static boolean beginsWithOne(String path, List<String> beginnings) {
    for (String beginning : beginnings) {
      if (path.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
