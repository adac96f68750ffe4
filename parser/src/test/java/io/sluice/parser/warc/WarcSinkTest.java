package io.sluice.parser.warc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcDigest;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcRequest;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcTruncationReason;
import org.netpreserve.jwarc.Warcinfo;

final class WarcSinkTest {

  private static final WarcInfo INFO =
      new WarcInfo("Sluice/1", "docs", "Sluice/1 (+http://a.test/)", true);

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();

  @Test
  void jwarcReadsTheRecordsAndTheirDigestsFit() throws Exception {
    Page page =
        TestPages.page(
            1,
            404,
            "<p>Gone, für immer",
            List.of(
                new Header("Content-Type", "text/html"),
                new Header("Transfer-Encoding", "chunked"),
                new Header("X-Odd", "a\r\nb")));
    List<String> types = new ArrayList<>();
    try (WarcReader reader = new WarcReader(write(page))) {
      reader.calculateBlockDigest();
      for (WarcRecord record : reader) {
        types.add(record.type());
        assertThat(record.version().toString()).isEqualTo("WARC/1.1");
        switch (record) {
          case Warcinfo info -> {
            assertThat(info.fields().first("isPartOf")).contains("docs");
            assertThat(info.filename()).contains("p0-0-000001.warc.gz");
          }
          case WarcResponse response -> check(response, page);
          case WarcRequest request -> {
            assertThat(request.http().target()).isEqualTo("/p1");
            assertThat(request.http().headers().first("Host")).contains("a.test");
            assertThat(request.concurrentTo()).hasSize(1);
            assertBlockDigestFits(request);
          }
          default -> throw new AssertionError(record.type());
        }
      }
    }
    assertThat(types).containsExactly("warcinfo", "response", "request");
    assertThat(ledger.entries()).isEmpty();
  }

  private static void check(WarcResponse response, Page page) throws Exception {
    byte[] payload = response.http().body().stream().readAllBytes();
    assertThat(payload).isEqualTo(page.body().bytes());
    byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(payload);
    assertThat(response.payloadDigest()).contains(new WarcDigest("sha1", sha1));
    assertThat(response.http().status()).isEqualTo(404);
    assertThat(response.http().headers().first("Transfer-Encoding")).isEmpty();
    assertThat(response.http().headers().first("X-Odd")).contains("a  b");
    assertThat(response.target()).isEqualTo("http://a.test/p1");
    assertThat(response.date()).isEqualTo(page.fetchedAt());
    assertThat(response.ipAddress()).contains(InetAddress.getByName("192.0.2.7"));
    assertThat(response.truncated()).isEqualTo(WarcTruncationReason.NOT_TRUNCATED);
    assertBlockDigestFits(response);
  }

  private static void assertBlockDigestFits(WarcRecord record) throws IOException {
    Optional<WarcDigest> stated = record.blockDigest();
    assertThat(stated).isPresent();
    assertThat(record.calculatedBlockDigest()).isEqualTo(stated);
  }

  @Test
  void codedBodyIsStoredAsItIsAndReadBack() throws Exception {
    byte[] coded = new byte[50_000];
    new Random(1).nextBytes(coded);
    Page plain = TestPages.page(1, 200, "", List.of(new Header("Content-Encoding", "br")));
    Page page = withBody(plain, coded, false);

    Path file = write(page);

    assertThat(Files.size(file)).isLessThan(coded.length + 1_500L);
    try (WarcReader reader = new WarcReader(file)) {
      for (WarcRecord record : reader) {
        if (record instanceof WarcResponse response) {
          // The bytes are no brotli, so they are read below HTTP.
          byte[] block = response.body().stream().readAllBytes();
          byte[] tail = Arrays.copyOfRange(block, block.length - coded.length, block.length);
          assertThat(tail).isEqualTo(coded);
        }
      }
    }
  }

  @Test
  void bodyCutByTheFetcherIsMarkedTruncated() throws IOException {
    Page whole = TestPages.html(1, "x");
    Page cut = withBody(whole, "cut".getBytes(StandardCharsets.US_ASCII), true);

    try (WarcReader reader = new WarcReader(write(cut))) {
      WarcRecord response =
          reader.records().filter(WarcResponse.class::isInstance).findFirst().orElseThrow();
      assertThat(response.truncated()).isEqualTo(WarcTruncationReason.LENGTH);
    }
  }

  @Test
  void eachRecordIsAGzipMemberOfItsOwn() throws IOException {
    List<Long> positions = new ArrayList<>();
    try (WarcReader reader = new WarcReader(write(TestPages.html(1, "x")))) {
      while (reader.next().isPresent()) {
        positions.add(reader.position());
      }
    }
    assertThat(positions).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void base32IsThatOfTheStandard() {
    assertThat(Base32.encode("foobar1234".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("MZXW6YTBOIYTEMZU");
  }

  private static Page withBody(Page page, byte[] body, boolean truncated) {
    return new Page(
        page.lease(),
        page.url(),
        page.via(),
        page.redirects(),
        page.depth(),
        page.labels(),
        page.attempt(),
        page.protocol(),
        page.status(),
        page.statusText(),
        page.requestHead(),
        page.headers(),
        "2001:db8::1",
        page.fetchedAt(),
        page.fetchMillis(),
        truncated,
        Body.of(body));
  }

  private Path write(Page page) throws IOException {
    Path path = dir.resolve("out.warc.gz");
    Clock clock = Clock.fixed(Instant.parse("2026-11-21T09:00:00Z"), ZoneOffset.UTC);
    try (SinkFile file = SinkFile.create(path, SinkKind.WARC, ledger);
        PageSink sink = WarcSink.factory(6, INFO, clock).open(file, "p0-0-000001.warc.gz")) {
      sink.begin();
      sink.append(TestPages.parse(page));
      sink.endBatch();
      file.sync();
    }
    return path;
  }
}
