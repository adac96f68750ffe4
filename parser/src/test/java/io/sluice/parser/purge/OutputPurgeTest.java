package io.sluice.parser.purge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.core.message.Page;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.warc.ArchiveRule;
import io.sluice.parser.warc.WarcInfo;
import io.sluice.parser.warc.WarcSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcTargetRecord;

final class OutputPurgeTest {

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private OutputDirs dirs = OutputDirs.of(Path.of(""), new TestLedger());
  private Path pages = Path.of("");
  private Path warc = Path.of("");

  @BeforeEach
  void pagesOfTwoHosts() throws IOException {
    dirs = OutputDirs.of(dir, new TestLedger());
    pagesOfTwoHosts(Compression.GZIP);
  }

  private void pagesOfTwoHosts(Compression compression) throws IOException {
    Compressor compressor = TestPages.compressor(compression, ledger);
    String end = compression.suffix();
    pages = write(SinkKind.PAGES, JsonlSink.factory(compressor), "p0-0-000001.jsonl" + end);
    WarcInfo info = new WarcInfo("Sluice/1", "docs", "Sluice/1 (+http://a.test/)", true);
    PageSink.Factory records =
        WarcSink.factory(compressor, info, new ArchiveRule(TestPages.BOUNDS), Clock.systemUTC());
    warc = write(SinkKind.WARC, records, "p0-0-000001.warc" + end);
  }

  @Test
  void filesOfBothCompressionsArePurged() throws Exception {
    Path gzip = pages;
    pagesOfTwoHosts(Compression.ZSTD);

    OutputPurge.Result result = OutputPurge.purge(dirs, "b.test", false);

    assertThat(result).isEqualTo(new OutputPurge.Result(4, 8, 4));
    assertThat(TestPages.unpack(pages)).isEqualTo(TestPages.unpack(gzip));
    assertThat(TestPages.unpack(pages).lines()).hasSize(3);
    assertThat(TestPages.unpack(warc)).contains("//a.test/4").doesNotContain("//b.test/");
    assertThat(OutputPurge.purge(dirs, "b.test", false)).isEqualTo(new OutputPurge.Result(0, 0, 0));
    OutputPurge.purge(dirs, "a.test", false);
    assertThat(TestPages.unpack(pages)).as("a file without a page").isEmpty();
  }

  @Test
  void pagesAndBothRecordsOfEachExchangeGo() throws Exception {
    OutputPurge.Result result = OutputPurge.purge(dirs, "b.test", false);

    assertThat(result).isEqualTo(new OutputPurge.Result(2, 4, 2));
    assertThat(TestPages.gunzip(pages).lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{\"url\":\"http://a.test/"));
    assertThat(targets())
        .containsExactly(
            "warcinfo",
            "http://a.test/0",
            "http://a.test/0",
            "http://a.test/2",
            "http://a.test/2",
            "http://a.test/4",
            "http://a.test/4");
    assertThat(OutputPurge.purge(dirs, "b.test", false)).isEqualTo(new OutputPurge.Result(0, 0, 0));
  }

  @Test
  void dryRunCountsTheSameAndChangesNothing() throws Exception {
    byte[] before = Files.readAllBytes(pages);
    assertThat(OutputPurge.purge(dirs, "b.test", true)).isEqualTo(new OutputPurge.Result(2, 4, 2));
    assertThat(Files.readAllBytes(pages)).isEqualTo(before);
  }

  @Test
  void hostsBelowAreOthers() throws Exception {
    assertThat(OutputPurge.purge(dirs, "test", false)).isEqualTo(new OutputPurge.Result(0, 0, 0));
  }

  @Test
  void filesThatAreNotCompleteAreNamed() throws Exception {
    assertThat(OutputPurge.incomplete(dirs)).isEmpty();
    Path part = dirs.root().resolve("slots/p0-0/p0-0-000002.jsonl.gz.part");
    Files.createDirectories(part.getParent());
    Files.createFile(part);
    assertThat(OutputPurge.incomplete(dirs)).containsExactly(part);
  }

  private Path write(SinkKind kind, PageSink.Factory factory, String name) throws IOException {
    Path file = Files.createDirectories(dirs.sealed(kind)).resolve(name);
    try (SinkFile out = SinkFile.create(file, kind, ledger);
        PageSink sink = factory.open(out, name)) {
      sink.begin();
      for (int number = 0; number < 5; number++) {
        sink.append(TestPages.parse(page(number)));
        if (number == 2) {
          sink.endBatch();
        }
      }
      sink.endBatch();
      out.sync();
    }
    return file;
  }

  private static Page page(int number) {
    Page page = TestPages.html(number + 1, "<p>text " + number);
    String host = number % 2 == 0 ? "a.test" : "b.test";
    return new Page(
        page.lease(),
        "http://" + host + "/" + number,
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
        page.ip(),
        page.begunAt(),
        page.fetchedAt(),
        page.fetchMillis(),
        page.truncated(),
        page.body());
  }

  private List<String> targets() throws IOException {
    List<String> targets = new ArrayList<>();
    try (WarcReader reader = new WarcReader(warc)) {
      for (WarcRecord record : reader) {
        targets.add(record instanceof WarcTargetRecord target ? target.target() : record.type());
      }
    }
    return targets;
  }
}
