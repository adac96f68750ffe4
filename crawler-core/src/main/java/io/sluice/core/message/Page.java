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
 * @param url the URL asked, normalized
 * @param via the URL that led here; null for a seed
 * @param redirects the URLs that redirected here, first to last
 * @param depth links followed from a seed
 * @param labels the lease's priority and tag
 * @param attempt the lease's attempt, from 1
 * @param protocol the response's version, {@code HTTP/1.1}
 * @param status the status code, 200 to 599
 * @param statusText the reason phrase, possibly empty
 * @param requestHead the request line and fields as sent, CRLF between them, for the WARC request
 *     record
 * @param headers the response's fields in order, transfer coding already undone
 * @param ip the address asked, as text without brackets
 * @param fetchedAt when the response ended
 * @param fetchMillis from lease to the end of the response
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
    String ip,
    Instant fetchedAt,
    long fetchMillis,
    boolean truncated,
    Body body) {

  public Page {
    redirects = List.copyOf(redirects);
    headers = List.copyOf(headers);
  }

  /** The first field of that name, compared without regard to case; null where there is none. */
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
