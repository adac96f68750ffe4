package io.sluice.parser.node;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.FileIdentity;
import io.sluice.core.resource.HostName;
import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names the parsers of a directory: the host's name and six digits that are generated once and
 * stored, and a word that distinguishes the directory from a copy of it. Confined to the thread
 * that starts the process.
 */
final class NodeName {

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{6}\n");
  private static final int DIGIT_BYTES = 3;

  /** Maximum length of the host's part, which keeps the node's name within 63 characters. */
  private static final int MAX_HOST = 50;

  private static final int HOLDER_BYTES = 6;
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /**
   * Maximum number of attempts to read the digits while the process that created the file writes
   * them.
   */
  private static final int LOOKS = 50;

  private static final long LOOK_MILLIS = 20;

  private final Path directory;
  private final BriefFiles files;

  /**
   * @param directory where the digits are stored
   */
  NodeName(Path directory, BriefFiles files) {
    this.directory = directory;
    this.files = files;
  }

  /** The host's name and the directory's digits: {@code web1-9f3a2c}. */
  String ofHost() throws IOException {
    String host = HostName.orElse("host").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    String fit = host.length() > MAX_HOST ? host.substring(0, MAX_HOST) : host;
    return (fit.matches("[a-z0-9].*") ? fit : "host" + fit) + "-" + digits();
  }

  /**
   * A word that differs for a copy of the directory, for another machine that shares it, and for
   * this machine after a reboot.
   */
  String holder() throws IOException {
    Optional<FileIdentity> identity = FileIdentity.of(directory);
    String place = identity.isPresent() ? identity.get().key() : directory.toRealPath().toString();
    String text = boot() + " " + place;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HOLDER_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private String boot() throws IOException {
    try {
      return new String(files.read(BOOT_ID, 64), StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException e) {
      return HostName.orElse(""); // not Linux
    }
  }

  /** Several processes may start at once: the one that creates the file writes it. */
  private String digits() throws IOException {
    Path file = directory.resolve("node");
    byte[] random = new byte[DIGIT_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] mine = (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII);
    if (!Files.exists(file)) {
      create(file, mine);
    }
    for (int look = 0; look < LOOKS; look++) {
      String text = new String(files.read(file, 64), StandardCharsets.US_ASCII);
      if (DIGITS.matcher(text).matches()) {
        return text.strip();
      }
      pause();
    }
    files.replaceDurably(file, ".tmp", mine); // its creator died before writing them
    return new String(mine, StandardCharsets.US_ASCII).strip();
  }

  private void create(Path file, byte[] content) throws IOException {
    try (Ledger.Entry _ = files.enter(file);
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content));
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      return; // another process was faster
    }
    files.sync(directory);
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
