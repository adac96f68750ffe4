package io.sluice.core.stream;

import io.lettuce.core.XAddArgs;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Script;
import io.sluice.core.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Messages for tests. */
final class Samples {

  static final Instant AT = Instant.ofEpochMilli(1_750_000_000_123L);

  private Samples() {}

  static Page page(int number) {
    return page(number, ("body of " + number).getBytes(StandardCharsets.UTF_8));
  }

  static Page page(int number, byte[] body) {
    return new Page(
        new LeaseId(0, number),
        "http://example.test/" + number,
        null,
        List.of(),
        1,
        Labels.NONE,
        1,
        "HTTP/1.1",
        200,
        "OK",
        "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n",
        List.of(new Header("Content-Type", "text/html")),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        "127.0.0.1",
        AT.minusMillis(11),
        AT,
        12,
        false,
        Body.of(body));
  }

  static Outcome outcome(Page page, String... links) {
    UrlEnd end = new UrlEnd(Ending.PAGE, Reason.OK, 200, "127.0.0.1", AT, 12, page.body().size());
    return new Outcome(page.lease(), page.url(), page.depth(), page.labels(), end, List.of(links));
  }

  /** Appends an entry to the stream of pages of {@link TestRedis#KEYS}, under the id 1-NUMBER. */
  static void append(RedisPool pool, StreamEntry entry, int number) throws Exception {
    pool.submit(
            commands ->
                commands.xadd(
                    Script.arg(TestRedis.KEYS.pages()),
                    new XAddArgs().id("1-" + number),
                    Fields.LEASE,
                    entry.lease(),
                    Fields.HEADER,
                    entry.header(),
                    Fields.BODY,
                    entry.payload()))
        .get();
  }
}
