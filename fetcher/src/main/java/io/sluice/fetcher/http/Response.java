package io.sluice.fetcher.http;

import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A final response. Immutable.
 *
 * @param protocol {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param status 200 to 599
 * @param statusText the reason phrase, possibly empty
 * @param headers the fields in order; without Transfer-Encoding, which is undone
 * @param body the content, its content coding still on
 * @param truncated whether the body was longer than the request allowed, and was cut there
 * @param requestHead what was asked: request line and fields, CRLF between them
 * @param ip the address that answered, without brackets
 */
public record Response(
    String protocol,
    int status,
    String statusText,
    List<Header> headers,
    Body body,
    boolean truncated,
    String requestHead,
    String ip) {
  public Response {
    headers = List.copyOf(headers);
  }

  /** The first field of that name, compared without regard to case; null where there is none. */
  public @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }

  /** Whether the status is a redirect that a GET follows (RFC 9110, 15.4). */
  public boolean redirects() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }
}
