package io.sluice.core.message;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fetched response on its way to a parser. Immutable.
 *
 * @param lease the lease that its outcome will end
 * @param url the URL requested, normalized
 * @param via the URL that led here; null for a seed
 * @param redirects the URLs that redirected here, first to last
 * @param depth number of links followed from a seed
 * @param labels the lease's priority and tag
 * @param attempt the lease's attempt, from 1
 * @param protocol the response's version as sent, usually {@code HTTP/1.1}
 * @param status the status code, 200 to 999
 * @param statusText the reason phrase, possibly empty
 * @param requestHead the request line and fields as sent, CRLF between them, for the WARC request
 *     record
 * @param headers the response's fields in order, transfer coding already undone
 * @param responseHead status line and fields as received, including the empty line after them,
 *     decoded as ISO 8859-1; empty if an older fetcher did not send it
 * @param ip the address contacted, as text without brackets
 * @param begunAt when the request was sent
 * @param fetchedAt when the response ended
 * @param fetchMillis milliseconds from the lease to the end of the response
 * @param truncated whether the body was cut at {@code fetcher.max-body}
 * @param body the content as received
 */
public record Page(
    LeaseId lease,
    String url,
    @Nullable String via,
    List<String> redirects,
    int depth,
    Labels labels,
    int attempt,
    String protocol,
    int status,
    String statusText,
    String requestHead,
    List<Header> headers,
    String responseHead,
    String ip,
    Instant begunAt,
    Instant fetchedAt,
    long fetchMillis,
    boolean truncated,
    Body body)
    implements Published {

  public Page {
    redirects = List.copyOf(redirects);
    headers = List.copyOf(headers);
  }

  /** The exchange in which the page was fetched. */
  public Capture capture() {
    return new Capture(
        url,
        requestHead,
        responseHead,
        ip,
        begunAt,
        false,
        truncated ? Truncation.LENGTH : null,
        body);
  }

  /** The values of all fields with the given name, compared without regard to case, in order. */
  public List<String> values(String name) {
    return Header.values(headers, name);
  }

  /**
   * The value of the first field with the given name, compared without regard to case; null if
   * there is none.
   */
  public @Nullable String header(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    for (Header header : headers) {
      if (header.name().length() == wanted.length()
          && header.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return header.value();
      }
    }
    return null;
  }
}
