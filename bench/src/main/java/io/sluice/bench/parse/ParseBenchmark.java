package io.sluice.bench.parse;

import com.sun.management.ThreadMXBean;
import io.sluice.core.members.Compression;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.HtmlExtractor;
import io.sluice.parser.extract.PageField;
import io.sluice.parser.extract.Wanted;
import io.sluice.parser.sink.Libdeflate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * Extracts links, title, text and meta from the HTML files below some folders, in one JVM on one
 * thread: with a bare {@code Jsoup.parse}; with the tree and the walk over it; and with the scan
 * and its fallbacks, with no further fields, the default ones, or all. Then measures a parser's
 * stages: decoding, writing compressed JSON lines, and the whole, both in its old form (tree, the
 * JDK's gzip) and in its current one. The variants' rounds alternate, and medians are printed.
 * Before measuring, the extracts of scan and tree are compared for each page; the benchmark fails
 * if they differ.
 */
public final class ParseBenchmark {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_ROUNDS = 4;
  private static final int ROUNDS = 7;
  private static final int GZIP_LEVEL =
      Integer.getInteger("gzip.level", Compression.GZIP.defaultLevel());

  private final List<byte[]> bodies;
  private final List<String> pages;
  private final List<Extract> extracts;
  private final double megabytes;
  private final Document document =
      Document.utf8(
          Objects.requireNonNull(Url.parse("http://bench.test/docs/page.html")), List.of());
  private static final ExtractBounds BOUNDS =
      new ExtractBounds(1 << 20, 10_000, 2_000, 256 << 20, Set.of("a"), "sluice", true, 10);

  /** The default of {@code parser.fields}. */
  private static final Wanted DEFAULTS =
      new Wanted(Set.of(PageField.META, PageField.ALTERNATES), Set.of());

  private final HtmlExtractor extractor = new HtmlExtractor(BOUNDS);
  private final HtmlExtractor usual = new HtmlExtractor(BOUNDS.with(DEFAULTS));
  private final HtmlExtractor curious = new HtmlExtractor(BOUNDS.with(Wanted.ALL));

  private ParseBenchmark(List<byte[]> bodies) {
    this.bodies = bodies;
    this.pages = bodies.stream().map(WholePage::decode).toList();
    this.extracts = pages.stream().map(page -> extractor.html(page, document)).toList();
    this.megabytes = pages.stream().mapToLong(String::length).sum() / 1e6;
  }

  /**
   * Runs the benchmark.
   *
   * @param folders folders whose HTML files are read as UTF-8
   */
  public static void main(String... folders) throws IOException {
    List<byte[]> bodies = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(ParseBenchmark::isHtml).sorted().toList()) {
          bodies.add(Files.readAllBytes(file));
        }
      }
    }
    if (bodies.isEmpty()) {
      throw new IllegalArgumentException("no HTML files below " + Arrays.toString(folders));
    }
    ParseBenchmark benchmark = new ParseBenchmark(bodies);
    benchmark.compare();
    benchmark.measure();
  }

  private static boolean isHtml(Path file) {
    return Files.isRegularFile(file) && file.getFileName().toString().matches(".*\\.html?(\\..+)?");
  }

  private void compare() {
    int scanned = 0;
    int allScanned = 0;
    int different = 0;
    for (String page : pages) {
      Extract scan = extractor.scan(page, document);
      if (scan != null) {
        scanned++;
        different += scan.equals(extractor.tree(page, document)) ? 0 : 1;
      }
      Extract all = curious.scan(page, document);
      if (all != null) {
        allScanned++;
        different += all.equals(curious.tree(page, document)) ? 0 : 1;
      }
    }
    System.out.printf(
        "%,d pages, %.1f million characters; left to a tree: %d (%.2f%%),"
            + " with every field and link %d; different: %d%n",
        pages.size(),
        megabytes,
        pages.size() - scanned,
        100.0 * (pages.size() - scanned) / pages.size(),
        pages.size() - allScanned,
        different);
    if (different > 0) {
      throw new IllegalStateException(
          different + " pages give another extract by scan than by tree");
    }
  }

  private void measure() throws IOException {
    Libdeflate libdeflate = Libdeflate.system();
    try (WholePage jdk = WholePage.open(Compression.GZIP, GZIP_LEVEL, null);
        WholePage gzip = WholePage.open(Compression.GZIP, GZIP_LEVEL, libdeflate);
        WholePage zstd =
            WholePage.open(Compression.ZSTD, Compression.ZSTD.defaultLevel(), libdeflate)) {
      System.out.printf(
          "gzip of level %d by %s%n", GZIP_LEVEL, libdeflate == null ? "the JDK" : "libdeflate");
      measure(jdk, gzip, zstd);
    }
  }

  private void measure(WholePage jdk, WholePage gzip, WholePage zstd) throws IOException {
    Stage tree = new Stage("tree + visitor", page -> extractor.tree(pages.get(page), document));
    Stage scan = new Stage("scan", page -> extractor.html(pages.get(page), document));
    Stage scanDefaults = new Stage("scan, defaults", page -> usual.html(pages.get(page), document));
    Stage scanAll = new Stage("scan, every field", page -> curious.html(pages.get(page), document));
    Stage former =
        new Stage(
            "all, formerly",
            page -> jdk.run(bodies.get(page), text -> extractor.tree(text, document)),
            jdk);
    Stage all = all("all", gzip);
    Stage allZstd = all("all, zstd", zstd);
    List<Stage> stages =
        List.of(
            new Stage("Jsoup.parse", page -> Jsoup.parse(pages.get(page))),
            tree,
            scan,
            scanDefaults,
            scanAll,
            new Stage("decode", page -> WholePage.decode(bodies.get(page))),
            write("JSONL, JDK gzip", jdk),
            write("JSONL, gzip", gzip),
            write("JSONL, zstd", zstd),
            former,
            all,
            allZstd);
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      for (Stage stage : stages) {
        stage.run(pages.size(), round);
      }
    }
    System.out.printf(
        "%-18s %8s %14s %14s %14s%n", "", "MB/s", "CPU-s/1000", "KB alloc/page", "KB out/page");
    for (Stage stage : stages) {
      System.out.printf(
          "%-18s %8.0f %14.4f %14.1f %14.2f%n",
          stage.name,
          megabytes / stage.cpuSeconds(),
          stage.cpuSeconds() * 1_000 / pages.size(),
          stage.allocated / 1_000.0 / pages.size(),
          stage.written / 1_000.0 / pages.size());
    }
    System.out.printf(
        "scan to tree + visitor: %.2f; all to all, formerly: %.2f; with zstd: %.2f%n",
        scan.cpuSeconds() / tree.cpuSeconds(),
        all.cpuSeconds() / former.cpuSeconds(),
        allZstd.cpuSeconds() / former.cpuSeconds());
    System.out.printf(
        "scan with the default fields to scan: %.2f; with every field and link: %.2f%n",
        scanDefaults.cpuSeconds() / scan.cpuSeconds(), scanAll.cpuSeconds() / scan.cpuSeconds());
  }

  private Stage write(String name, WholePage to) {
    return new Stage(name, page -> to.write(bodies.get(page), extracts.get(page)), to);
  }

  /** A parser's whole work on a page, with a scan. */
  private Stage all(String name, WholePage to) {
    return new Stage(
        name, page -> to.run(bodies.get(page), text -> extractor.html(text, document)), to);
  }

  /** One kind of work on a numbered page, and its cost. */
  private static final class Stage {
    private final String name;
    private final IntConsumer reader;
    private final @Nullable WholePage to;
    private final long[] nanos = new long[ROUNDS];
    private long allocated;
    private long written;

    Stage(String name, IntConsumer reader) {
      this(name, reader, null);
    }

    /**
     * @param to where the output is written; null for a stage without output
     */
    Stage(String name, IntConsumer reader, @Nullable WholePage to) {
      this.name = name;
      this.reader = reader;
      this.to = to;
    }

    /** Reads all pages; rounds before 0 only warm up. */
    void run(int pages, int round) throws IOException {
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      long begun = THREADS.getCurrentThreadCpuTime();
      for (int page = 0; page < pages; page++) {
        reader.accept(page);
      }
      if (to != null) {
        written = to.finish();
      }
      if (round >= 0) {
        nanos[round] = THREADS.getCurrentThreadCpuTime() - begun;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
      }
    }

    double cpuSeconds() {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return sorted[ROUNDS / 2] / 1e9;
    }
  }
}
