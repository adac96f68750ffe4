package io.sluice.launcher.parse;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a file as if a server had sent it. Stateless. */
public final class FilePage {

  private static final String NO_ADDRESS = "0.0.0.0";

  private FilePage() {}

  /**
   * Reads a page of status 200.
   *
   * @param file the file with the page's body
   * @param url the page's supposed URL
   * @param type its Content-Type; null if it has none, in which case the first bytes decide
   * @param maxBytes maximum number of bytes read; a longer body is truncated, as by the fetcher
   */
  public static Page read(Path file, Url url, @Nullable String type, long maxBytes)
      throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(Math.toIntExact(maxBytes));
    }
    List<Header> headers = type == null ? List.of() : List.of(new Header("Content-Type", type));
    Instant changed = Files.getLastModifiedTime(file).toInstant();
    return new Page(
        new LeaseId(0, 1),
        url.href(),
        null,
        List.of(),
        0,
        Labels.NONE,
        1,
        "HTTP/1.1",
        200,
        "OK",
        "",
        headers,
        "",
        NO_ADDRESS,
        changed,
        changed,
        0,
        Files.size(file) > bytes.length,
        Body.of(bytes));
  }
}
