package io.sluice.parser.worker;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.parser.extract.HtmlExtractor;
import io.sluice.parser.language.LanguageDetector;
import io.sluice.parser.rules.ExtractionRules;

/**
 * An upper bound of the memory of a worker's thread, in bytes: the pages of its batch, and one page
 * that is inflated, decoded and parsed into a tree. The rest of its share of the heap is for the
 * tree, whose size cannot be predicted from the page's length: a few bytes of markup can become a
 * hundred times as many. A pure policy. Stateless.
 */
public final class PageMemory {

  /** Buffers of deflaters and sinks, the lists of a batch, the table of offered links. */
  private static final long THREAD_BYTES = 1 << 20;

  /**
   * Copies of the inflated page while it is parsed: a buffer for each of two layers of coding, and
   * the text, at up to two bytes a character.
   */
  private static final long COPIES_BESIDE_TREE = 4;

  /**
   * Further copies while it is decoded, before there is a tree: the array of characters that the
   * text is built from. The tree uses that memory afterwards.
   */
  private static final long LEAST_TREE = 2;

  /** Memory that a parser allocates for a page of a few thousand elements, including garbage. */
  private static final long LEAST_TREE_BYTES = 6 << 20;

  /** A factor for the memory that the walk over the tree adds to it, mostly for references. */
  private static final double WALK = 1.25;

  /** Copies of a text: as built, copied, and written as JSON and UTF-8. */
  private static final long TEXT_COPIES = 4;

  /**
   * Memory for a byte of Markdown while it is built, in bytes: nodes of 16 bytes each at least, as
   * the walk counts them, take some five times as much, and the text is copied into them.
   */
  private static final long MARKDOWN_BYTES = 8;

  /** Copies of a page's links: resolved, and encoded for the outcome. */
  private static final long LINK_COPIES = 2;

  /**
   * Memory for {@code parser.fields} and {@code parser.links}: two copies of the text of a script
   * or style sheet, and two of the values of a page's details. The page's HTML, if it is one of the
   * fields, is the text that the tree was built from, and its line is written without the tree.
   */
  private static final long DETAIL_BYTES = 3 << 20;

  /**
   * Memory for the rules of section {@code extract}, apart from trees: their values, which are
   * built, copied and written; a page's JSON-LD as objects, the smallest of which take 16 bytes per
   * character; and the results of a JSON path.
   */
  private static final long RULE_BYTES =
      TEXT_COPIES * ExtractionRules.MAX_CHARACTERS + ExtractionRules.JSON_BYTES;

  /** Maximum size of a tree; no page needs more. */
  private static final long MAX_TREE_BYTES = 512 << 20;

  private PageMemory() {}

  /** Live objects of an idle parser: 11 MiB after a collection, plus a margin. */
  private static final long BASE_BYTES = 16 << 20;

  /** Live objects of a parser with this config that its threads share. */
  public static long baseBytes(SluiceConfig config) {
    boolean detects = config.parser().detectedLanguage();
    return BASE_BYTES + (detects ? LanguageDetector.MODEL_BYTES : 0);
  }

  /** The most memory that a thread holds, with the minimum room for a tree. */
  public static long leastBytes(SluiceConfig config, long maxInflatedBytes) {
    double page = COPIES_BESIDE_TREE + LEAST_TREE * WALK;
    return batchBytes(config) + (long) Math.ceil(page * maxInflatedBytes + LEAST_TREE_BYTES * WALK);
  }

  /** The maximum size of a tree in a thread of this process. */
  public static long treeBytes(SluiceConfig config) {
    return treeBytesOfHeap(config, Runtime.getRuntime().maxMemory());
  }

  /** The maximum size of a tree in a thread of a parser process with this heap. */
  public static long treeBytesOfHeap(SluiceConfig config, long heapBytes) {
    long usable = heapBytes / 4 * 3 - baseBytes(config);
    return treeBytes(config, usable / config.parser().threads());
  }

  /**
   * The maximum size of a tree.
   *
   * @param threadBytes the thread's share of the heap
   */
  public static long treeBytes(SluiceConfig config, long threadBytes) {
    long inflated = config.parser().maxInflatedBytes();
    double left = threadBytes - batchBytes(config) - COPIES_BESIDE_TREE * inflated;
    long least = LEAST_TREE_BYTES + LEAST_TREE * inflated;
    return Math.max(least, Math.min((long) (left / WALK), MAX_TREE_BYTES));
  }

  /**
   * The pages of a batch as sent, including a last one of maximum length; and the texts, fields and
   * links of one page.
   */
  private static long batchBytes(SluiceConfig config) {
    return THREAD_BYTES
        + 2 * config.parser().batchBytes()
        + config.fetcher().maxBodyBytes()
        + textCopies(config.parser()) * config.parser().maxTextBytes()
        + (config.extract().isEmpty() ? 0 : RULE_BYTES)
        + LINK_COPIES * HtmlExtractor.MAX_LINK_CHARACTERS
        + (gathersDetails(config) ? DETAIL_BYTES : 0);
  }

  /**
   * Memory for each byte of the maximum length of a text. The main text is made for Markdown too.
   */
  private static long textCopies(ParserSettings parser) {
    long mainText = parser.mainText() || parser.markdown() ? TEXT_COPIES : 0;
    long markdown = parser.markdown() ? TEXT_COPIES + MARKDOWN_BYTES : 0;
    return TEXT_COPIES + mainText + markdown;
  }

  private static boolean gathersDetails(SluiceConfig config) {
    return !config.parser().fields().isEmpty() || !config.parser().links().isEmpty();
  }
}
