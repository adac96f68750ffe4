package io.sluice.core.config;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of seeds, read one line at a time: a URL each, in UTF-8, followed by its labels, separated
 * by blanks: {@code priority=high}, {@code tag=news}. Empty lines and lines that begin with {@code
 * #} are skipped. However large the file is, only one line of at most {@value #MAX_LINE_BYTES}
 * bytes is held; a longer one is reported as a problem.
 *
 * <p>Owns its descriptor and its ledger entry until {@link #close}. Not thread-safe: confined to
 * the thread that feeds the frontier.
 */
public final class SeedsFile implements AutoCloseable {

  /** Maximum length of a line in bytes, without its end. */
  public static final int MAX_LINE_BYTES = 64 << 10;

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int END = -1;

  private final String file;
  private final InputStream in;
  private final Ledger.Entry entry;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int length;
  private boolean tooLong;
  private int number;

  private SeedsFile(String file, InputStream in, Ledger.Entry entry) {
    this.file = file;
    this.in = in;
    this.entry = entry;
  }

  /** The content of a line. */
  public sealed interface Line {

    /** A line that is a valid seed. */
    record Valid(Seed seed, int number) implements Line {}

    /** A line that is not a valid seed. */
    record Bad(Problem problem) implements Line {}
  }

  /**
   * Opens the file.
   *
   * @param ledger where the open file is entered
   * @throws IOException if it cannot be opened
   */
  public static SeedsFile open(Path file, Ledger ledger) throws IOException {
    Ledger.Entry entry = ledger.enter(ResourceKind.FRONTIER, "config.seeds", file);
    try {
      return new SeedsFile(Echo.of(file.toString()), Files.newInputStream(file), entry);
    } catch (IOException e) {
      entry.close();
      throw e;
    }
  }

  /**
   * The next seed; null at the end of the file.
   *
   * @throws IOException if reading fails
   */
  public @Nullable Line next() throws IOException {
    while (readLine()) {
      Line next = parsed();
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /** Closes the file; a second call does nothing. */
  @Override
  public void close() throws IOException {
    try (entry) {
      in.close();
    }
  }

  private @Nullable Line parsed() {
    if (tooLong) {
      return bad(null, "is longer than " + MAX_LINE_BYTES + " bytes");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return bad(null, "is not UTF-8 text");
    }
    text = (number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return null;
    }
    return switch (SeedLine.parse(text)) {
      case SeedLine.Parsed.Whole(Seed seed) -> new Line.Valid(seed, number);
      case SeedLine.Parsed.Wrong(var key, var value, var reason, var nearest) ->
          new Line.Bad(new Problem(file, number, key, value, reason, nearest));
    };
  }

  private Line bad(@Nullable String value, String reason) {
    return new Line.Bad(new Problem(file, number, "seed", value, reason, null));
  }

  /** Fills {@link #line} up to the next line feed; false if nothing is left. */
  private boolean readLine() throws IOException {
    length = 0;
    tooLong = false;
    int read = read();
    if (read == END) {
      return false;
    }
    number++;
    for (; read != END && read != '\n'; read = read()) {
      if (length < line.length) {
        line[length++] = (byte) read;
      } else {
        tooLong = true;
      }
    }
    return true;
  }

  private int read() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer));
    }
    return position == limit ? END : buffer[position++] & 0xff;
  }
}
