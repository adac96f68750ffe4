package io.sluice.parser.purge;

import io.sluice.core.members.MemberReader;
import io.sluice.core.purge.MemberFilter;
import io.sluice.core.purge.MemberFilter.Verdict;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Removes a host's WARC records. Each record is a member of its own, and all records of one
 * exchange name the same URL, so they are removed together. Used for one file, on one thread.
 */
final class WarcJudge implements MemberFilter.Judge {

  private static final String TARGET = "\r\nwarc-target-uri:";

  /** Maximum number of bytes of a record's head that are read; enough for the longest URL. */
  private static final int HEAD_BYTES = 160 << 10;

  private final String host;
  private final byte[] head = new byte[HEAD_BYTES];
  private long found;

  WarcJudge(String host) {
    this.host = host;
  }

  /** The number of records removed so far. */
  long found() {
    return found;
  }

  @Override
  public Verdict judge(MemberReader member) throws IOException {
    int length = 0;
    for (int read = 0; read >= 0 && length < HEAD_BYTES; length += Math.max(0, read)) {
      read = member.read(head, length, HEAD_BYTES - length);
    }
    if (!isOfHost(new String(head, 0, length, StandardCharsets.ISO_8859_1))) {
      return Verdict.KEEP;
    }
    found++;
    return Verdict.DROP;
  }

  private boolean isOfHost(String record) {
    int end = record.indexOf("\r\n\r\n");
    String fields = record.substring(0, Math.max(0, end) + (end < 0 ? 0 : 2));
    int at = fields.toLowerCase(Locale.ROOT).indexOf(TARGET);
    if (at < 0) {
      return false;
    }
    int from = at + TARGET.length();
    String target = fields.substring(from, fields.indexOf("\r\n", from)).strip();
    Url url = Url.parse(target);
    return url != null && url.host().equals(host);
  }

  @Override
  public void rewrite(MemberReader member, OutputStream to) {
    throw new IllegalStateException("a record is kept or removed as a whole");
  }
}
