package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.url.Url;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of seeds, or of URLs in the format of {@code export}, read one line of bounded length at a
 * time: a URL, then {@code key=value} pairs separated by blanks. Only {@code priority}, {@code
 * tag}, {@code depth} and {@code via} are used. Empty lines and lines that begin with {@code #} are
 * skipped. Confined to one thread.
 */
final class OfferFile implements AutoCloseable {

  /** The content of a line. */
  sealed interface Line {
    record Valid(Offer offer) implements Line {}

    /** A line that is not a valid offer, and what is wrong with it. */
    record Bad(String problem) implements Line {}
  }

  private final Path file;
  private final Ledger.Entry entry;
  private final InputStream in;
  private long number;

  private OfferFile(Path file, Ledger.Entry entry, InputStream in) {
    this.file = file;
    this.entry = entry;
    this.in = in;
  }

  static OfferFile open(Path file, Ledger ledger) throws IOException {
    Ledger.Entry entry = ledger.enter(ResourceKind.FRONTIER, "launcher.offers", file);
    try {
      InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 << 10);
      return new OfferFile(file, entry, in);
    } catch (IOException e) {
      entry.close();
      throw e;
    }
  }

  /** Returns the next line with content; null at the end of the file. */
  @Nullable Line next() throws IOException {
    for (String line = readLine(); line != null; line = readLine()) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        return read(text);
      }
    }
    return null;
  }

  private Line read(String text) {
    String[] fields = text.split("[ \\t]+", -1);
    Url url = Url.parse(fields[0]);
    if (url == null) {
      return bad(fields[0] + ": is not a URL: " + Url.explain(fields[0]));
    }
    try {
      return new Line.Valid(offer(url, List.of(fields).subList(1, fields.length)));
    } catch (IllegalArgumentException e) {
      return bad(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @throws IllegalArgumentException if a field is invalid; the message names the field
   */
  private static Offer offer(Url url, List<String> fields) {
    int depth = 0;
    String via = null;
    Priority priority = Priority.NORMAL;
    String tag = null;
    for (String field : fields) {
      String value = field.substring(field.indexOf('=') + 1);
      switch (field.substring(0, field.length() - value.length())) {
        case "depth=" -> depth = depth(value);
        case "via=" -> via = via(value);
        case "priority=" -> priority = priority(value);
        case "tag=" -> tag = tag(value);
        default -> {} // other fields of an export are ignored
      }
    }
    return new Offer(url, depth, via, List.of(), new Labels(priority, tag));
  }

  private static int depth(String value) {
    try {
      int depth = Integer.parseInt(value);
      if (depth >= 0) {
        return depth;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new IllegalArgumentException("depth=" + value + ": must be a whole number, 0 or more");
  }

  private static @Nullable String via(String value) {
    Url via = Url.parse(value);
    return via == null ? null : via.href();
  }

  private static Priority priority(String value) {
    Priority priority = Priority.ofWord(value);
    if (priority == null) {
      throw new IllegalArgumentException(
          "priority=" + value + ": must be one of urgent, high, normal, low");
    }
    return priority;
  }

  private static String tag(String value) {
    if (!Labels.isTag(value)) {
      throw new IllegalArgumentException(
          "tag="
              + value
              + ": must be at most "
              + Labels.MAX_TAG
              + " letters, digits, dots, underscores and hyphens");
    }
    return value;
  }

  private Line bad(String why) {
    return new Line.Bad(Echo.of(file.toString()) + ":" + number + ": " + Echo.of(why));
  }

  /**
   * Returns a line without its terminator, cut to the maximum length; null at the end of the file.
   */
  private @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    int read = in.read();
    if (read < 0) {
      return null;
    }
    number++;
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (line.size() <= 2 * SeedsFile.MAX_LINE_BYTES) {
        line.write(read);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    try (entry) {
      in.close();
    }
  }
}
