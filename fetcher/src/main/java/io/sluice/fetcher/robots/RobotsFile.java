package io.sluice.fetcher.robots;

import io.sluice.fetcher.http.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a robots.txt. It is asked for without a content coding; hosts that send gzip or
 * deflate all the same are understood. Stateless.
 */
final class RobotsFile {
  private RobotsFile() {}

  /**
   * The file's first {@link RobotsRules#MAX_BYTES} bytes, as far as they can be inflated.
   *
   * @return null where the content coding is another one
   */
  static byte @Nullable [] read(Response response) {
    byte[] body = response.body().bytes();
    String coding = response.header("content-encoding");
    try {
      return switch (coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT)) {
        case "", "identity" -> body;
        case "gzip", "x-gzip" -> inflate(new GZIPInputStream(new ByteArrayInputStream(body)));
        case "deflate" -> inflate(new InflaterInputStream(new ByteArrayInputStream(body)));
        default -> null;
      };
    } catch (IOException e) {
      return null;
    }
  }

  private static byte[] inflate(InputStream coded) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] piece = new byte[8192];
    try (coded) {
      int read = 0;
      while (read >= 0 && plain.size() < RobotsRules.MAX_BYTES) {
        plain.write(piece, 0, read);
        read = coded.read(piece, 0, Math.min(piece.length, RobotsRules.MAX_BYTES - plain.size()));
      }
    } catch (IOException e) {
      if (plain.size() == 0) {
        throw e;
      }
      // Cut short, as at max-body: what came before counts.
    }
    return plain.toByteArray();
  }
}
