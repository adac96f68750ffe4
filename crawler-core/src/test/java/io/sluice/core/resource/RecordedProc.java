package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that looks like {@code /proc/self}. Confined to its test. */
final class RecordedProc {

  private static final String TCP_HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode";
  private static final String UNIX_HEAD = "Num       RefCount Protocol Flags    Type St Inode Path";

  private final Path root;

  RecordedProc(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("fd"));
    Files.createDirectories(root.resolve("net"));
    Files.writeString(
        root.resolve("limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             63462                63462                processes
        Max open files            1024                 524288               files
        """);
  }

  Path root() {
    return root;
  }

  void open(int descriptor, String target) throws IOException {
    close(descriptor);
    Files.createSymbolicLink(link(descriptor), Path.of(target));
  }

  void close(int descriptor) throws IOException {
    Files.deleteIfExists(link(descriptor));
  }

  void unlimited() throws IOException {
    Files.writeString(
        root.resolve("limits"),
        "Max open files            unlimited            unlimited            files\n");
  }

  void tcp(String... lines) throws IOException {
    table("tcp", TCP_HEAD, lines);
  }

  void tcp6(String... lines) throws IOException {
    table("tcp6", TCP_HEAD, lines);
  }

  void unix(String... lines) throws IOException {
    table("unix", UNIX_HEAD, lines);
  }

  private void table(String name, String head, String... lines) throws IOException {
    Path file = root.resolve("net").resolve(name);
    Files.write(file, List.of(head));
    Files.write(file, List.of(lines), java.nio.file.StandardOpenOption.APPEND);
  }

  private Path link(int descriptor) {
    return root.resolve("fd").resolve(Integer.toString(descriptor));
  }
}
