package io.sluice.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Validators;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {

  private static final LeaseId LEASE = new LeaseId(7, 4711);
  private static final Instant AT = Instant.ofEpochMilli(1_750_000_000_123L);
  private static final byte[] BODY = {0, 1, (byte) 0x80, (byte) 0xff, '\n'};

  private final Page page =
      new Page(
          LEASE,
          "http://example.test/a?b=c",
          "http://example.test/",
          List.of("http://example.test/old"),
          3,
          new Labels(Priority.URGENT, "news.2026"),
          2,
          "HTTP/1.1",
          404,
          "Not \"Found\"",
          "GET /a?b=c HTTP/1.1\r\nHost: example.test\r\n\r\n",
          List.of(new Header("Content-Type", "text/html"), new Header("X-Ünï", "é\u0001")),
          "HTTP/1.1 404 Not \"Found\"\nContent-Type:text/html\r\nX-Ünï: é\u0001\n\n",
          "2001:db8::1",
          AT.minusMillis(1200),
          AT,
          1234,
          true,
          Body.of(BODY));

  @Test
  void aPageComesBackAsItWas() {
    var decoded = (Decoded.Whole<Page>) PageCodec.decode(PageCodec.encode(page));

    assertThat(decoded.message()).usingRecursiveComparison().isEqualTo(page);
    assertThat(decoded.message().body().bytes()).isSameAs(BODY);
  }

  @Test
  void aStatusMayBeAnyThatHasThreeDigitsAndIsFinal() {
    for (int status : new int[] {200, 599, 600, 999}) {
      StreamEntry entry = withStatus(status);
      assertThat(((Decoded.Whole<Page>) PageCodec.decode(entry)).message().status())
          .isEqualTo(status);
    }
    assertThat(PageCodec.decode(withStatus(199))).isInstanceOf(Decoded.Malformed.class);
    assertThat(PageCodec.decode(withStatus(1000))).isInstanceOf(Decoded.Malformed.class);
  }

  private static StreamEntry withStatus(int status) {
    String header =
        "{\"v\":2,\"url\":\"http://a/\",\"depth\":0,\"ip\":\"1.1.1.1\",\"at\":1,\"status\":"
            + status
            + "}";
    return new StreamEntry(bytes("7-4711"), bytes(header), new byte[0]);
  }

  @Test
  void labelsThatAreUsualNeedNotBeSent() {
    String header =
        "{\"v\":1,\"url\":\"http://a/\",\"depth\":0,\"status\":200,\"ip\":\"1.1.1.1\",\"at\":1}";
    StreamEntry entry = new StreamEntry(bytes("7-4711"), bytes(header), new byte[0]);
    var decoded = (Decoded.Whole<Page>) PageCodec.decode(entry);
    assertThat(decoded.message().labels()).isEqualTo(Labels.NONE);
    assertThat(PageCodec.encode(decoded.message()).header())
        .asString(StandardCharsets.UTF_8)
        .doesNotContain("priority", "tag");
  }

  @Test
  void anOutcomeComesBackAsItWas() {
    List<String> links =
        IntStream.range(0, 3000).mapToObj(i -> "http://example.test/page/" + i + ".html").toList();
    Outcome outcome = outcome(links);
    try (OutcomeCodec codec = new OutcomeCodec()) {
      StreamEntry entry = codec.encode(outcome);
      assertThat(entry.payload().length).isLessThan(30_000);
      assertThat(codec.decode(entry)).isEqualTo(new Decoded.Whole<>(outcome));
      assertThat(codec.decode(codec.encode(outcome(List.of()))))
          .isEqualTo(new Decoded.Whole<>(outcome(List.of())));
    }
  }

  @Test
  void largeLinkListsAreCarriedWhole() {
    List<String> links =
        new Random(5)
            .ints(60_000)
            .mapToObj(i -> "http://example.test/" + Integer.toHexString(i) + "-" + i * 31)
            .toList();
    try (OutcomeCodec codec = new OutcomeCodec()) {
      assertThat(codec.decode(codec.encode(outcome(links))))
          .isEqualTo(new Decoded.Whole<>(outcome(links)));
    }
  }

  private static Outcome outcome(List<String> links) {
    return new Outcome(
        LEASE,
        "http://example.test/",
        0,
        new Labels(Priority.LOW, "x"),
        new UrlEnd(Ending.PAGE, Reason.OK, 200, null, AT, 5, 4096),
        new PageVersion(Validators.of("W/\"a\"", "Sat, 21 Nov 2026 10:00:00 GMT"), -2),
        List.of(),
        links);
  }

  @Test
  void aReasonThatOnlyAnotherProgramKnowsIsKept() {
    Outcome like = outcome(List.of());
    UrlEnd end = new UrlEnd(Ending.PAGE, "rendered-in-part", 200, null, AT, 5, 4096, null);
    Outcome foreign = new Outcome(LEASE, like.url(), 0, like.labels(), end, List.of());
    try (OutcomeCodec codec = new OutcomeCodec()) {
      assertThat(codec.decode(codec.encode(foreign))).isEqualTo(new Decoded.Whole<>(foreign));
    }
  }

  @Test
  void anOutcomeNeedsNoVersionAndAVersionNoValidators() {
    try (OutcomeCodec codec = new OutcomeCodec()) {
      Outcome without = withVersion(null);
      Outcome unnamed = withVersion(new PageVersion(Validators.NONE, Long.MIN_VALUE));
      assertThat(codec.decode(codec.encode(without))).isEqualTo(new Decoded.Whole<>(without));
      assertThat(codec.decode(codec.encode(unnamed))).isEqualTo(new Decoded.Whole<>(unnamed));
    }
  }

  private static Outcome withVersion(@Nullable PageVersion version) {
    Outcome like = outcome(List.of());
    return new Outcome(
        LEASE,
        like.url(),
        like.depth(),
        like.labels(),
        like.end(),
        version,
        List.of(),
        like.links());
  }

  @Test
  void outcomeCarriesTheTargetOfARefreshAndHowItWasReached() {
    Outcome like = outcome(List.of("http://a.test/x"));
    UrlEnd end =
        new UrlEnd(
            Ending.PAGE,
            Reason.REFRESH,
            200,
            null,
            like.end().at(),
            5,
            4096,
            new UrlEnd.Target("http://a.test/next", null));
    Outcome moved =
        new Outcome(
            LEASE,
            like.url(),
            like.depth(),
            like.labels(),
            end,
            null,
            List.of("http://a.test/old", like.url()),
            like.links());
    try (OutcomeCodec codec = new OutcomeCodec()) {
      assertThat(codec.decode(codec.encode(moved))).isEqualTo(new Decoded.Whole<>(moved));
    }
  }

  @Test
  void validatorsThatWouldBreakARequestsHeadAreNotTaken() {
    String header =
        "{\"v\":1,\"url\":\"http://a/\",\"depth\":0,\"ending\":\"page\",\"reason\":\"ok\",\"at\":1,\"etag\":\"\\\"a\\\"\\r"
            + "\\n"
            + "X: y\",\"modified\":\"now\\n"
            + "\",\"digest\":\"000000000000000f\"}";
    StreamEntry entry = new StreamEntry(bytes("7-4711"), bytes(header), new byte[0]);
    try (OutcomeCodec codec = new OutcomeCodec()) {
      var decoded = (Decoded.Whole<Outcome>) codec.decode(entry);
      assertThat(decoded.message().version()).isEqualTo(new PageVersion(Validators.NONE, 15));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"v":3,"url":"http://a/","depth":0,"status":200,"ip":"1.1.1.1","at":1} | v is out of range
          {"v":1,"depth":0,"status":200,"ip":"1.1.1.1","at":1}                   | url is missing
          {"v":1,"url":"","depth":0,"status":200,"ip":"1.1.1.1","at":1}          | url is empty
          {"v":1,"url":"http://a/","depth":-1,"status":200,"ip":"1.1.1.1","at":1}| depth is out of range
          {"v":1,"url":"http://a/","depth":0,"status":199,"ip":"1.1.1.1","at":1} | status is out of range
          {"v":1,"url":"http://a/","depth":0,"status":1000,"ip":"1.1.1.1","at":1}| status is out of range
          {"v":1,"url":"http://a/","depth":0,"status":"x","ip":"1.1.1.1","at":1} | status is not a whole number
          {"v":1,"url":"http://a/","depth":0,"status":200,"ip":7,"at":1}         | ip is not a string
          {"v":1,"url":"http://a/","priority":"soon"}                            | priority is not a known priority
          {"v":1,"url":"http://a/","tag":"two words"}                            | tag is not a valid tag
          {"v":1,"url":"http://a/","headers":[["a"]],"at":1}                     | header value is not a string
          {"v":1,"url":"http://a/","url":"http://b/"}                            | header is not valid JSON
          {"v":1,"url":"http://a/","x":[[[[1]]]]}                                | header is not valid JSON
          {"v":1                                                                 | header is not valid JSON
          {} {}                                                                  | data follows the header
          []                                                                     | header is not an object
          """)
  void aMalformedPageIsNamedAndNotThrown(String header, String reason) {
    StreamEntry entry = new StreamEntry(bytes("7-4711"), bytes(header), new byte[0]);

    assertThat(PageCodec.decode(entry)).isEqualTo(new Decoded.Malformed<Page>(reason, LEASE));
  }

  @Test
  void anEntryWithoutALeaseIsMalformed() {
    StreamEntry good = PageCodec.encode(page);
    StreamEntry entry = new StreamEntry(bytes("what?"), good.header(), good.payload());

    assertThat(PageCodec.decode(entry)).isEqualTo(new Decoded.Malformed<Page>("no lease", null));
  }

  @Test
  void anInflatedBombIsRefused() throws Exception {
    var out = new java.io.ByteArrayOutputStream();
    try (var deflate = new java.util.zip.DeflaterOutputStream(out)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        deflate.write(zeros);
      }
    }
    assertLinksRefused(out.toByteArray(), "links are longer than 16777216 bytes");
  }

  @Test
  void truncatedOrForeignLinksAreRefused() {
    try (OutcomeCodec codec = new OutcomeCodec()) {
      byte[] links = codec.encode(outcome(List.of("http://a.test/", "http://b.test/"))).payload();
      assertLinksRefused(java.util.Arrays.copyOf(links, links.length - 6), "links are cut short");
      assertLinksRefused(bytes("plain text"), "links are not zlib data");
    }
  }

  private static void assertLinksRefused(byte[] links, String reason) {
    try (OutcomeCodec codec = new OutcomeCodec()) {
      StreamEntry good = codec.encode(outcome(List.of()));
      StreamEntry entry = new StreamEntry(good.lease(), good.header(), links);
      assertThat(codec.decode(entry)).isEqualTo(new Decoded.Malformed<Outcome>(reason, LEASE));
      assertThat(codec.decode(good)).as("the codec goes on").isInstanceOf(Decoded.Whole.class);
    }
  }

  @Test
  void randomDamageNeverThrows() {
    Random random = new Random(42);
    try (OutcomeCodec codec = new OutcomeCodec()) {
      StreamEntry outcome = codec.encode(outcome(List.of("http://a.test/", "http://b.test/")));
      StreamEntry whole = PageCodec.encode(page);
      for (int i = 0; i < 5_000; i++) {
        assertThat(PageCodec.decode(damaged(whole, random))).isNotNull();
        assertThat(codec.decode(damaged(outcome, random))).isNotNull();
      }
    }
  }

  private static StreamEntry damaged(StreamEntry entry, Random random) {
    return new StreamEntry(
        entry.lease(), damaged(entry.header(), random), damaged(entry.payload(), random));
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
