package io.sluice.core.testing;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The descriptors of this process at one moment, by {@code /proc/self/fd}; empty without it. It is
 * read twice for each test, so it asks for links only. Immutable.
 */
final class OpenFiles {

  private static final String PIPE = "pipe:";
  private static final String EPOLL = "anon_inode:";

  /** Files that the JVM opens when it first needs them, and keeps open. */
  private static final List<String> PLACES_OF_THE_JVM =
      List.of(
          "/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib", System.getProperty("java.home"));

  private static final List<String> ENDINGS_OF_THE_JVM = List.of(".jar", ".so", ".class", ".jsa");

  private final Map<String, String> targets;

  private OpenFiles(Map<String, String> targets) {
    this.targets = targets;
  }

  /** Reads the open descriptors, except for the one used for reading. */
  static OpenFiles now() {
    Map<String, String> targets = new HashMap<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        String target = target(link);
        if (!isTheJvms(target)) {
          targets.put(link.getFileName() + " " + target, target);
        }
      }
    } catch (IOException e) {
      return new OpenFiles(Map.of());
    }
    return new OpenFiles(targets);
  }

  /**
   * Opens and closes a socket. With the first one, the JDK opens another that it never closes and
   * substitutes for sockets being closed.
   */
  static void openWhatStays() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot open a socket", e);
    }
  }

  /**
   * Descriptors that are open now and were not before. Pipes and the files of event loops are only
   * counted: a child process of the class may have been replaced.
   */
  List<String> openedSince(OpenFiles before) {
    List<String> opened = new ArrayList<>();
    targets.forEach(
        (descriptor, target) -> {
          boolean counted = target.startsWith(PIPE) || target.startsWith(EPOLL);
          if (!counted && !before.targets.containsKey(descriptor)) {
            opened.add("descriptor " + descriptor);
          }
        });
    for (String kind : List.of(PIPE, EPOLL)) {
      long more = count(kind) - before.count(kind);
      if (more > 0) {
        opened.add(more + " descriptors " + kind);
      }
    }
    return opened;
  }

  private long count(String kind) {
    return targets.values().stream().filter(target -> target.startsWith(kind)).count();
  }

  /** The target of a descriptor's link; empty if the descriptor was closed meanwhile. */
  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean isTheJvms(String target) {
    return target.isEmpty()
        || PLACES_OF_THE_JVM.stream().anyMatch(target::startsWith)
        || ENDINGS_OF_THE_JVM.stream().anyMatch(target::endsWith);
  }
}
