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
 * Decides the owner of a descriptor by what it leads to: a file by its path, a socket by its port,
 * its peer or its path. The wiring adds rules as parts open; there are only a few. Thread-safe:
 * concurrent maps.
 */
public final class DescriptorRules {

  /** Places of files that the JVM and the C library open for themselves. */
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

  /** Beginning of the name of the socket on which a JVM serves {@code jcmd} and similar tools. */
  private static final String DIAGNOSTICS = "/.java_pid";

  private static final List<String> TERMINALS = List.of("/dev/null", "/dev/tty", "/dev/pts/");

  private static final List<String> EVENT_LOOP =
      List.of(
          "anon_inode:[eventpoll]",
          "anon_inode:[eventfd]",
          "anon_inode:[timerfd]",
          "anon_inode:[io_uring]");

  /** Sorted in reverse, so that the longest prefix comes first. */
  private final ConcurrentSkipListMap<String, ResourceKind> folders =
      new ConcurrentSkipListMap<>((one, other) -> other.compareTo(one));

  private volatile @Nullable Home home;
  private final Map<Integer, ResourceKind> localPorts = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, ResourceKind> peers = new ConcurrentHashMap<>();
  private final Map<String, ResourceKind> socketPaths = new ConcurrentHashMap<>();

  /** Creates rules for what every JVM has. */
  public DescriptorRules() {}

  /**
   * Sets the directory, which must exist, in which the process keeps its files. If it, or a
   * directory above it, is renamed later, rules and ledger entries stay valid under the new names.
   */
  public DescriptorRules home(Path directory) {
    home = Home.at(directory).orElse(null);
    return this;
  }

  /**
   * Adds files in a folder, or one file, that a library opens and closes by itself, such as the
   * log's. If folders are nested, the rule of the inner one applies.
   */
  public DescriptorRules files(ResourceKind kind, Path path) {
    folders.put(path.toAbsolutePath().normalize().toString(), kind);
    try {
      folders.put(path.toRealPath().toString(), kind);
    } catch (IOException e) {
      return this; // The file does not exist yet, so no link leads to it.
    }
    return this;
  }

  /** Adds a folder whose files are owned only by the ledger, whatever their names look like. */
  public DescriptorRules claimed(Path directory) {
    return files(ResourceKind.UNATTRIBUTED, directory);
  }

  /** Adds sockets with the given local port: a listening socket, and those that it accepted. */
  public DescriptorRules localPort(ResourceKind kind, int port) {
    localPorts.put(port, kind);
    return this;
  }

  /**
   * Adds sockets connected to the given server; only the port counts if the address is unresolved.
   */
  public DescriptorRules peer(ResourceKind kind, InetSocketAddress server) {
    peers.put(server.isUnresolved() ? anyAt(server.getPort()) : server, kind);
    return this;
  }

  /** Adds unix domain sockets bound to the given path. */
  public DescriptorRules socketPath(ResourceKind kind, Path path) {
    socketPaths.put(path.toAbsolutePath().normalize().toString(), kind);
    return this;
  }

  /** What descriptors lead to, under the names that rules and the ledger use. */
  Map<Integer, String> known(Map<Integer, String> targets) {
    Home known = home;
    return known == null ? targets : known.asAtFirst(targets);
  }

  /**
   * The kind of a descriptor that is not a socket, by the target of its link under {@code
   * /proc/self/fd}.
   */
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

  /**
   * The kind of a socket; null stands for one that is not in the kernel's tables, and so has no
   * owner.
   */
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
