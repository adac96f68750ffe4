package io.sluice.launcher.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address of a unix domain socket whose path may be longer than the 100 or so bytes that the
 * kernel accepts. If it is, a symbolic link with a short name points to the socket's directory
 * until this is closed; a socket that is bound or connected no longer needs it. The link's name
 * cannot be guessed, and no other user can replace it in a directory with the sticky bit.
 * Immutable.
 */
final class ShortPath implements AutoCloseable {

  /** Maximum length of a socket's path, in bytes, on the strictest system. */
  private static final int MAX_BYTES = 100;

  private final Path path;
  private final @Nullable Path link;

  private ShortPath(Path path, @Nullable Path link) {
    this.path = path;
    this.link = link;
  }

  /**
   * Creates an address of a socket, which need not exist yet.
   *
   * @throws IOException if a link is needed and cannot be created
   */
  static ShortPath to(Path socket) throws IOException {
    Path absolute = socket.toAbsolutePath().normalize();
    if (fits(absolute)) {
      return new ShortPath(absolute, null);
    }
    String name = "sluice" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    Path link = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve(name);
    if (!fits(link.resolve(socket.getFileName()))) {
      link = Path.of("/tmp", name);
    }
    Files.createSymbolicLink(link, absolute.getParent());
    return new ShortPath(link.resolve(socket.getFileName()), link);
  }

  private static boolean fits(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** The path to bind or connect the socket with. */
  Path path() {
    return path;
  }

  UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(path);
  }

  /** Removes the link, if there is one. */
  @Override
  public void close() throws IOException {
    if (link != null) {
      Files.deleteIfExists(link);
    }
  }
}
