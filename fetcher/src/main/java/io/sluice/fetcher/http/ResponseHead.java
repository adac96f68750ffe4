package io.sluice.fetcher.http;

import io.sluice.core.message.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A response's status line and field lines (RFC 9112, 4 and 5), read as browsers and curl read
 * them: a line ends at LF, with or without a CR before it; a line without a name is skipped; the
 * parts of a folded value are joined by one space, and so are those of a value that contains a bare
 * CR. Anything that the standard does not allow makes the head <em>doubtful</em>: other programs
 * may read it differently, so its connection is not used for another request.
 *
 * <p>Each byte is read as the character of the same number (ISO 8859-1). Immutable.
 *
 * @param protocol the version as sent, such as {@code HTTP/1.1} or {@code HTTP/2}
 * @param status 100 to 999
 * @param statusText the reason phrase, possibly empty
 * @param fields the fields that have a name, in order
 * @param doubtful whether it breaks the standard's grammar
 * @param raw the head as received, including the empty line at its end
 */
record ResponseHead(
    String protocol,
    int status,
    String statusText,
    List<Header> fields,
    boolean doubtful,
    String raw) {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  ResponseHead {
    fields = List.copyOf(fields);
  }

  /**
   * Reads a head.
   *
   * @param raw the bytes from the status line to the empty line, whose line end may be missing
   * @return null if it is not HTTP/1, has a version or status that does not exist, or has a NUL,
   *     which Chromium and curl refuse too
   */
  static @Nullable ResponseHead parse(String raw) {
    return raw.indexOf('\0') >= 0 ? null : new Reading(raw).read();
  }

  /** The values of all fields with the given name, compared without regard to case. */
  List<String> values(String name) {
    List<String> values = new ArrayList<>(1);
    for (Header field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /** The elements of a field that is a list (RFC 9110, 5.6.1), empty ones too, in lower case. */
  List<String> elements(String name) {
    List<String> elements = new ArrayList<>(1);
    for (String value : values(name)) {
      for (String element : value.split(",", -1)) {
        elements.add(trim(element).toLowerCase(Locale.ROOT));
      }
    }
    return elements;
  }

  boolean interim() {
    return status < 200;
  }

  /**
   * Whether the sender accepts another request on the connection (RFC 9112, 9.3) and the head is
   * not doubtful.
   */
  boolean keepsAlive() {
    List<String> options = elements("connection");
    return !doubtful
        && !options.contains("close")
        && (protocol.equals("HTTP/1.1") || options.contains("keep-alive"));
  }

  /** Strips the blanks around a field's value (RFC 9110, 5.6.3). */
  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && blank(text.charAt(from))) {
      from++;
    }
    while (to > from && blank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  /** A parser of one head, from its first line to its last. */
  private static final class Reading {
    private final String raw;
    private final List<Header> fields = new ArrayList<>();
    private int at;
    private boolean doubtful;

    /** The last field line's name, to which folded lines belong; null if it had none. */
    private @Nullable String name;

    /** The value of that field so far. */
    private final StringBuilder value = new StringBuilder();

    Reading(String raw) {
      this.raw = raw;
    }

    @Nullable ResponseHead read() {
      String line = nextLine();
      int versionEnd = versionEnd(line);
      if (versionEnd < 0) {
        return null;
      }
      int code = versionEnd;
      while (code < line.length() && blank(line.charAt(code))) {
        code++;
      }
      doubtful |= code != versionEnd + 1 || line.charAt(versionEnd) != ' ';
      int status = status(line, code);
      if (code == versionEnd || status < 100) {
        return null;
      }
      while (at < raw.length()) {
        readField(nextLine().replace('\r', ' ')); // RFC 9112, 2.2
      }
      endField();
      String protocol = line.substring(0, versionEnd);
      doubtful |= !protocol.equals("HTTP/1.1") && !protocol.equals("HTTP/1.0");
      return new ResponseHead(
          protocol, status, trim(line.substring(code + 3)), fields, doubtful, raw);
    }

    /** Where {@code HTTP/1.1}, {@code HTTP/2} or the like ends; -1 if there is none. */
    private static int versionEnd(String line) {
      if (!line.startsWith("HTTP/") || line.length() < 6 || "123".indexOf(line.charAt(5)) < 0) {
        return -1;
      }
      boolean minor = line.length() > 7 && line.charAt(6) == '.' && digit(line.charAt(7));
      return minor ? 8 : 6;
    }

    /** The status in the three digits at {@code from}, if nothing but a blank follows; else -1. */
    private static int status(String line, int from) {
      int to = from + 3;
      boolean ends = to == line.length() || (to < line.length() && blank(line.charAt(to)));
      if (!ends || !line.chars().skip(from).limit(3).allMatch(c -> digit((char) c))) {
        return -1;
      }
      return Integer.parseInt(line, from, to, 10);
    }

    private static boolean digit(char c) {
      return c >= '0' && c <= '9';
    }

    /** The next line without its end. */
    private String nextLine() {
      int lf = raw.indexOf('\n', at);
      int end = lf < 0 ? raw.length() : lf;
      boolean crlf = lf > at && raw.charAt(lf - 1) == '\r';
      String line = raw.substring(at, crlf ? lf - 1 : end);
      doubtful |= !crlf || line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
      at = end + 1;
      return line;
    }

    private void readField(String line) {
      if (line.isEmpty()) {
        return;
      }
      if (blank(line.charAt(0))) {
        doubtful = true;
        value.append(' ').append(trim(line));
        return;
      }
      endField();
      int colon = line.indexOf(':');
      String before = colon < 0 ? line : line.substring(0, colon);
      String trimmed = trim(before);
      boolean named = colon > 0 && token(trimmed);
      doubtful |= !named || trimmed.length() < before.length();
      name = named ? trimmed : null;
      value.append(trim(line.substring(colon + 1)));
    }

    private void endField() {
      if (name != null) {
        fields.add(new Header(name, trim(value.toString())));
      }
      name = null;
      value.setLength(0);
    }

    private static boolean token(String text) {
      return !text.isEmpty()
          && text.chars()
              .allMatch(
                  c ->
                      (c >= 'a' && c <= 'z')
                          || (c >= 'A' && c <= 'Z')
                          || (c >= '0' && c <= '9')
                          || TOKEN_MARKS.indexOf(c) >= 0);
    }
  }
}
