package io.sluice.fetcher.http;

import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.url.FieldUrl;
import io.sluice.core.url.Url;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A final response, or as much of one as was received. Immutable.
 *
 * @param protocol the version as sent, usually {@code HTTP/1.1}
 * @param status 200 to 999
 * @param statusText the reason phrase, possibly empty
 * @param headers the fields in order; without Transfer-Encoding, which has been decoded
 * @param head status line and fields as received, each byte as the ISO 8859-1 character of the same
 *     number
 * @param body the content, still in its content coding
 * @param truncated whether the body was longer than the request allowed, and was cut
 * @param requestHead the request's line and fields, separated by CRLF
 * @param ip the address that answered, without brackets
 * @param begunAt when the request was sent
 */
public record Response(
    String protocol,
    int status,
    String statusText,
    List<Header> headers,
    String head,
    Body body,
    boolean truncated,
    String requestHead,
    String ip,
    Instant begunAt) {
  public Response {
    headers = List.copyOf(headers);
  }

  /**
   * The first field with the given name, compared without regard to case; null if there is none.
   */
  public @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }

  /**
   * The target of a redirect; null if the response is not a redirect or names no usable URL, so
   * that only its body is of use. An empty Location counts as unusable, although RFC 3986 would
   * resolve it.
   */
  public @Nullable Url target(Url asked) {
    String location = redirects() ? header("location") : null;
    return location == null || location.isBlank() ? null : asked.resolve(FieldUrl.text(location));
  }

  /** Whether the status is a redirect that a GET follows (RFC 9110, 15.4). */
  public boolean redirects() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }
}
