package io.sluice.fetcher.http;

import io.sluice.core.lease.Reason;
import java.util.List;

/**
 * Where the body of a response to GET ends (RFC 9112, 6.3), or why that is unknown. Contradictory
 * framing is refused, since response smuggling depends on it.
 */
sealed interface Framing {

  /** Whether the body ends before its connection does, beyond doubt. */
  default boolean certain() {
    return false;
  }

  /**
   * The response has no body, whatever its fields say.
   *
   * @param certain whether its fields agree with that
   */
  record Empty(boolean certain) implements Framing {}

  /**
   * The body has a known length.
   *
   * @param bytes the length of the body
   * @param certain whether the length was stated only once and without any other framing
   */
  record Length(long bytes, boolean certain) implements Framing {}

  /**
   * The body is in chunked coding.
   *
   * @param certain whether the sender may use chunks (RFC 9112, 6.1)
   */
  record Chunked(boolean certain) implements Framing {}

  /** The body ends with its connection. */
  record ToTheEnd() implements Framing {}

  /** It is not read. */
  record Refused(Reason reason) implements Framing {}

  /** Decides how the body after the given head is framed. */
  static Framing of(ResponseHead head) {
    if (head.interim() || head.status() == 204 || head.status() == 304) {
      // A server that announces a body anyway may send it.
      boolean announced =
          !head.elements("transfer-encoding").isEmpty()
              || (head.status() == 204
                  && head.elements("content-length").stream()
                      .anyMatch(length -> !length.equals("0")));
      return new Empty(!announced);
    }
    List<String> sent = head.elements("transfer-encoding");
    List<String> codings =
        sent.stream().filter(coding -> !coding.isEmpty() && !coding.equals("identity")).toList();
    List<String> lengths = head.elements("content-length");
    if (!codings.isEmpty()) {
      if (!codings.equals(List.of("chunked")) || !lengths.isEmpty()) {
        return new Refused(Reason.BAD_FRAMING);
      }
      return new Chunked(sent.size() == 1 && head.protocol().equals("HTTP/1.1"));
    }
    if (lengths.stream().distinct().count() > 1) {
      return new Refused(Reason.BAD_RESPONSE);
    }
    return lengths.isEmpty() ? new ToTheEnd() : ofLength(lengths, sent.isEmpty());
  }

  /**
   * Ignores lengths that are not numbers (Fetch, "extract a length"); refuses negative lengths, as
   * curl does, since no server sends them by mistake.
   */
  private static Framing ofLength(List<String> lengths, boolean alone) {
    String length = lengths.getFirst();
    if (length.startsWith("-")) {
      return new Refused(Reason.BAD_RESPONSE);
    }
    if (length.isEmpty() || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new ToTheEnd();
    }
    try {
      return new Length(Long.parseLong(length), alone && lengths.size() == 1);
    } catch (NumberFormatException e) {
      return new Refused(Reason.BAD_RESPONSE);
    }
  }
}
