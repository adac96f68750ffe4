package io.sluice.parser.warc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.core.members.MemberReader;
import io.sluice.core.message.Body;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.Truncation;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.RobotsPolicy;
import io.sluice.parser.extract.Wanted;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import io.sluice.parser.worker.PageParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netpreserve.jwarc.WarcDigest;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcRequest;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcRevisit;
import org.netpreserve.jwarc.WarcTruncationReason;
import org.netpreserve.jwarc.Warcinfo;

final class WarcSinkTest {

  private static final WarcInfo INFO =
      new WarcInfo("Sluice/1", "docs", "Sluice/1 (+http://a.test/)", true);

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private Compression compression = Compression.GZIP;
  private ArchiveRule rule = new ArchiveRule(TestPages.BOUNDS);

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

  @Test
  void aPageThatMustNotBeArchivedHasNoRecord() throws Exception {
    ExtractBounds obeying = obeyingNoarchive();
    Page page = TestPages.html(1, "<meta name=robots content=noarchive>x");
    List<String> types = new ArrayList<>();
    try (PageParser parser = new PageParser(1 << 20, obeying);
        WarcReader reader =
            new WarcReader(
                write(
                    sink -> {
                      sink.append(parser.parse(page));
                      sink.append(TestPages.parse(TestPages.html(2, "y")));
                    }))) {
      reader.forEach(record -> types.add(record.type()));
    }
    assertThat(types).containsExactly("warcinfo", "response", "request");
  }

  private static ExtractBounds obeyingNoarchive() {
    return new ExtractBounds(
        1000,
        100,
        2_000,
        64 << 20,
        Set.of(),
        "sluice",
        true,
        10,
        new RobotsPolicy(false, false, true, false),
        Wanted.NOTHING);
  }

  @Test
  void anExchangeThatIsOnlyArchivedIsLeftOutWhereItsFieldsSaySo() throws Exception {
    rule = new ArchiveRule(obeyingNoarchive());
    assertThat(recordsOf("x-robots-tag: other: noarchive")).hasSize(3);
    assertThat(recordsOf("X-Robots-Tag : noindex, NoArchive")).containsExactly("warcinfo");
    rule = new ArchiveRule(TestPages.BOUNDS);
    assertThat(recordsOf("X-Robots-Tag: noarchive")).hasSize(3);
  }

  private List<String> recordsOf(String field) throws Exception {
    RecordOnly entry = TestPages.redirect(1);
    Capture plain = entry.capture();
    Capture moved =
        new Capture(
            plain.url(),
            plain.requestHead(),
            "HTTP/1.1 301 Moved\r\nLocation: /b\r\n" + field + "\r\n\r\n",
            plain.ip(),
            plain.begunAt(),
            false,
            null,
            plain.body());
    List<String> types = new ArrayList<>();
    Path file = write(sink -> sink.append(new RecordOnly(entry.id(), moved)));
    try (WarcReader reader = new WarcReader(file)) {
      reader.forEach(record -> types.add(record.type()));
    }
    Files.delete(file);
    return types;
  }

  @Test
  void theHeadIsStoredByteByByteButForTheCodingThatIsUndone() throws Exception {
    String head =
        "HTTP/1.1 200  OK|Server a/b|X-É:1|transfer-ENCODING : chunked|Content-Length: 4{"
            + "X-Transfer-Encoding: y|Y:|  Transfer-Encoding: folded|Transfer-Encoding:|";
    String sent = lines(head + "|");
    Page page = TestPages.withHead(TestPages.html(1, "x"), sent);

    try (WarcReader reader = new WarcReader(write(page))) {
      reader.calculateBlockDigest();
      WarcRecord response =
          reader.records().filter(WarcResponse.class::isInstance).findFirst().orElseThrow();
      byte[] block = response.body().stream().readAllBytes();
      assertThat(new String(block, StandardCharsets.ISO_8859_1))
          .isEqualTo(
              lines(
                  head.replace("|transfer-ENC", "|X-Crawler-transfer-ENC")
                          .replace("|Transfer-Enc", "|X-Crawler-Transfer-Enc")
                      + "|x"));
    }
  }

  private static String lines(String text) {
    return text.replace("|", "\r\n").replace("{", "\n");
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
    assertThat(response.date()).as("when the request was sent").isEqualTo(page.begunAt());
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
          // The bytes are not brotli, so they are read without decoding.
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
        page.responseHead(),
        "2001:db8::1",
        page.begunAt(),
        page.fetchedAt(),
        page.fetchMillis(),
        truncated,
        Body.of(body));
  }

  @Test
  void anExchangeThatIsOnlyArchivedIsAResponseWithItsRequest() throws IOException {
    RecordOnly entry = TestPages.redirect(1);

    List<WarcRecord> records = read(write(sink -> sink.append(entry)));

    assertThat(records).extracting(WarcRecord::type).containsExactly("response", "request");
    WarcResponse response = (WarcResponse) records.getFirst();
    assertThat(response.target()).isEqualTo("http://a.test/p1");
    assertThat(response.date()).isEqualTo(entry.capture().begunAt());
    assertThat(response.headers().first("WARC-Truncated")).isEmpty();
    assertThat(records.getLast().headers().first("WARC-Concurrent-To"))
        .isEqualTo(response.headers().first("WARC-Record-ID"));
    assertThat(records.getLast().date()).isEqualTo(response.date());
  }

  @Test
  void anEntryThatIsWrittenTwiceHasTheSameIdsTwiceAndAnotherHasOthers() throws IOException {
    List<WarcRecord> records =
        read(
            write(
                sink -> {
                  sink.append(TestPages.redirect(1));
                  sink.append(TestPages.redirect(1));
                  sink.append(TestPages.redirect(2));
                }));

    List<URI> ids = records.stream().map(WarcRecord::id).toList();
    assertThat(ids.subList(0, 2))
        .isEqualTo(ids.subList(2, 4))
        .doesNotContainAnyElementsOf(ids.subList(4, 6));
  }

  @Test
  void a304IsARevisitThatNamesWhatItRefersTo() throws IOException {
    String head = "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";

    List<WarcRecord> records =
        read(write(sink -> sink.append(TestPages.record(1, head, true, null))));

    assertThat(records).extracting(WarcRecord::type).containsExactly("revisit", "request");
    WarcRevisit revisit = (WarcRevisit) records.getFirst();
    assertThat(revisit.profile()).isEqualTo(WarcRevisit.SERVER_NOT_MODIFIED_1_1);
    assertThat(revisit.headers().first("WARC-Refers-To-Target-URI")).contains("http://a.test/p1");
    assertThat(revisit.headers().first("WARC-Payload-Digest")).isEmpty();
    assertThat(revisit.headers().first("Content-Length")).contains(String.valueOf(head.length()));
  }

  @ParameterizedTest
  @EnumSource(Truncation.class)
  void whyABodyIsNotWholeIsSaid(Truncation truncation) throws IOException {
    String head = "HTTP/1.1 200 OK\r\n\r\n";

    List<WarcRecord> records =
        read(write(sink -> sink.append(TestPages.record(1, head, false, truncation))));

    assertThat(((WarcResponse) records.getFirst()).truncated())
        .isEqualTo(WarcTruncationReason.valueOf(truncation.name()));
  }

  /** All records but the first, which describes the file. */
  private static List<WarcRecord> read(Path file) throws IOException {
    List<WarcRecord> records = new ArrayList<>();
    try (WarcReader reader = new WarcReader(file)) {
      reader.calculateBlockDigest();
      for (WarcRecord record : reader) {
        record.body().consume();
        if (!(record instanceof Warcinfo)) {
          assertThat(record.calculatedBlockDigest()).isEqualTo(record.blockDigest());
          records.add(record);
        }
      }
    }
    return records;
  }

  @Test
  void withZstdEachRecordIsAFrame() throws IOException {
    compression = Compression.ZSTD;

    Path path = write(TestPages.html(1, "<p>text"));

    List<String> types = new ArrayList<>();
    byte[] plain = TestPages.unpack(path).getBytes(StandardCharsets.UTF_8);
    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(plain))) {
      reader.forEach(record -> types.add(record.type()));
    }
    assertThat(types).containsExactly("warcinfo", "response", "request");
    BriefFiles files = new BriefFiles(ledger, ResourceKind.OUTPUT, "test");
    try (MemberReader frames = MemberReader.open(path, files)) {
      for (String type : types) {
        assertThat(frames.next()).as("a frame for the %s", type).isTrue();
        assertThat(frames.compression()).isEqualTo(Compression.ZSTD);
      }
      assertThat(frames.next()).isFalse();
    }
  }

  private interface Written {
    void to(PageSink sink) throws IOException;
  }

  private Path write(Page page) throws IOException {
    return write(sink -> sink.append(TestPages.parse(page)));
  }

  private Path write(Written written) throws IOException {
    Path path = dir.resolve("out.warc" + compression.suffix());
    Clock clock = Clock.fixed(Instant.parse("2026-11-21T09:00:00Z"), ZoneOffset.UTC);
    try (SinkFile file = SinkFile.create(path, SinkKind.WARC, ledger);
        PageSink sink =
            WarcSink.factory(TestPages.compressor(compression, ledger), INFO, rule, clock)
                .open(file, "p0-0-000001.warc.gz")) {
      sink.begin();
      written.to(sink);
      sink.endBatch();
      file.sync();
    }
    return path;
  }
}
