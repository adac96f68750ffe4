package io.sluice.fetcher.robots;

import io.sluice.core.coding.BodyDecoder;
import io.sluice.core.coding.DecodedBody;
import io.sluice.core.message.Header;
import io.sluice.fetcher.http.Response;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a robots.txt. The file is requested without a content coding, but if the
 * server uses one anyway, or labels one wrongly, the file is decoded. Stateless.
 */
final class RobotsFile {
  private RobotsFile() {}

  /** Whether the body is labelled with a coding, so that decoding it may take a while. */
  static boolean isCoded(Response response) {
    return response.header("content-encoding") != null;
  }

  /**
   * The file's first {@link RobotsRules#MAX_BYTES} bytes, or those of them that can be inflated. A
   * truncated file ends at its last complete line, since half a rule would have another meaning.
   *
   * @return null if no byte can be inflated
   */
  static byte @Nullable [] read(Response response) {
    if (!isCoded(response)) {
      byte[] bytes = response.body().bytes();
      return response.truncated() ? wholeLines(bytes, bytes.length) : bytes;
    }
    try (BodyDecoder decoder = new BodyDecoder(RobotsRules.MAX_BYTES)) {
      DecodedBody plain =
          decoder.decode(response.body(), Header.values(response.headers(), "content-encoding"));
      boolean broken = plain.damage() != null;
      // Undecoded bytes contain no rules, which must not count as allowing everything.
      if ((broken && plain.size() == 0) || !plain.isText()) {
        return null;
      }
      return broken || plain.cut() || response.truncated()
          ? wholeLines(plain.bytes(), plain.size())
          : Arrays.copyOf(plain.bytes(), plain.size());
    }
  }

  private static byte[] wholeLines(byte[] bytes, int size) {
    int end = size;
    while (end > 0 && bytes[end - 1] != '\n' && bytes[end - 1] != '\r') {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
