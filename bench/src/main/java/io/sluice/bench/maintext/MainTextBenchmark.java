package io.sluice.bench.maintext;

import com.sun.management.ThreadMXBean;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.HtmlExtractor;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.maintext.MainText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;

/**
 * Compares, word by word, the main text found on documentation pages with the part of their
 * template that contains the page's own content. Also compares the cost of finding it with the cost
 * of a scan.
 *
 * <p>The code under test has no list of these templates: the truth is what a person would select on
 * a page of each set. A second pass removes {@code role} and {@code main}, so that only names and
 * links are left as hints.
 */
public final class MainTextBenchmark {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 3;
  private static final int MAX_BYTES = 1 << 20;
  private static final long MAX_TREE = 512 << 20;
  private static final Url PAGE = Objects.requireNonNull(Url.parse("http://bench.test/a/b.html"));

  /** A set of pages, the selector of their content, and the ids of elements to leave out of it. */
  private record Template(String folder, String content, Set<String> leftOut) {}

  private static final List<Template> TEMPLATES =
      List.of(
          new Template("python", "div.body", Set.of()),
          new Template("apache/en", "#page-content", Set.of("quickview")),
          new Template("git", "body", Set.of("footer")));

  private MainTextBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param folder the folder that contains the sets
   */
  public static void main(String... folder) throws IOException {
    System.out.printf(
        "%-12s %6s %10s %8s %8s %8s%n", "set", "pages", "landmarks", "whole", "main", "precise");
    List<String> all = new ArrayList<>();
    for (Template template : TEMPLATES) {
      List<String> pages = pages(Path.of(folder[0], template.folder()));
      all.addAll(pages);
      score(template, pages, true);
      score(template, pages, false);
    }
    HtmlExtractor extractor =
        new HtmlExtractor(
            new ExtractBounds(MAX_BYTES, 10_000, 2_000, MAX_TREE, Set.of("a"), "sluice", true, 10));
    Document document = Document.utf8(PAGE, List.of());
    double scan = cost(all, page -> extractor.html(page, document).text().length());
    double tree = cost(all, page -> tree(page).document().childNodeSize());
    double text = cost(all, page -> MainText.of(tree(page), MAX_BYTES).value().length());
    System.out.printf(
        "CPU-s per 1,000 pages: scan %.3f; tree %.3f; tree and main text %.3f%n", scan, tree, text);
  }

  private static List<String> pages(Path folder) throws IOException {
    List<String> pages = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*\\.html?(\\.en)?")).sorted().toList()) {
        pages.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return pages;
  }

  private static PageTree tree(String page) {
    return PageTree.of(page, false, Document.utf8(PAGE, List.of()), MAX_TREE);
  }

  private static void score(Template template, List<String> pages, boolean landmarks) {
    double whole = 0;
    double main = 0;
    double precise = 0;
    int counted = 0;
    for (String page : pages) {
      PageTree tree = tree(page);
      Element content = tree.document().selectFirst(template.content());
      if (content == null) {
        continue;
      }
      String truth =
          tree.text(content, MAX_BYTES, part -> template.leftOut().contains(part.id())).value();
      String everything = tree.text(tree.document().body(), MAX_BYTES, _ -> false).value();
      if (!landmarks) {
        tree.document().select("[role]").removeAttr("role");
        tree.document().select("main, article, nav, aside, header, footer").tagName("div");
      }
      String found = MainText.of(tree, MAX_BYTES).value();
      whole += overlap(everything, truth)[1];
      main += overlap(found, truth)[1];
      precise += overlap(found, truth)[0];
      counted++;
    }
    System.out.printf(
        "%-12s %6d %10s %8.3f %8.3f %8.3f%n",
        template.folder(),
        counted,
        landmarks ? "as sent" : "taken off",
        whole / counted,
        main / counted,
        precise / counted);
  }

  /** Precision and F1 of the words of a text against those of the truth. */
  private static double[] overlap(String found, String truth) {
    Map<String, Integer> words = new HashMap<>();
    String[] wanted = truth.split("\\s+", -1);
    for (String word : wanted) {
      words.merge(word, 1, Integer::sum);
    }
    String[] given = found.split("\\s+", -1);
    int common = 0;
    for (String word : given) {
      int left = words.merge(word, -1, Integer::sum);
      common += left >= 0 ? 1 : 0;
    }
    double precision = (double) common / given.length;
    return new double[] {precision, 2.0 * common / (given.length + wanted.length)};
  }

  /** The lowest CPU time of several rounds, in seconds per 1,000 pages. */
  private static double cost(List<String> pages, ToIntFunction<String> work) {
    long least = Long.MAX_VALUE;
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      for (String page : pages) {
        sum += work.applyAsInt(page);
      }
      least = Math.min(least, THREADS.getCurrentThreadCpuTime() - begin);
    }
    if (sum == 0) {
      throw new IllegalStateException("no page has text");
    }
    return least / 1e6 / pages.size();
  }
}
