package io.sluice.core.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How pages are parsed. Immutable.
 *
 * @param processes parser processes under {@code sluice run}; {@code auto} is one per four
 *     processors
 * @param threads workers in a process; {@code auto} is the processors divided by the processes
 * @param heapBytes a parser process's heap under {@code sluice run}
 * @param batchPages maximum number of pages committed together
 * @param batchBytes maximum size of pages committed together
 * @param batchTime maximum time that a page waits for its batch to fill
 * @param maxInflatedBytes maximum size of a page after decompression; the rest is cut
 * @param maxLinks maximum number of links of a page
 * @param maxTextBytes maximum size of a page's text in UTF-8
 * @param pageTimeout maximum time to parse a page; one that takes longer is given up
 * @param links the kinds of links that are recorded in addition to those that always are: img,
 *     script and others
 * @param follow the kinds of links that are followed; those are recorded too
 * @param fields the optional fields of a page's line: meta, alternates and others
 * @param robots which robots directives are obeyed
 * @param maxRefreshes maximum number of redirects and refreshes in a row, including the page's own
 *     refresh, with which that refresh is followed; 0 if none is followed
 * @param node the name of this directory's parsers on this machine, in Redis and in the names of
 *     output files; null for the host's name and digits that are kept in the directory
 */
public record ParserSettings(
    int processes,
    int threads,
    long heapBytes,
    int batchPages,
    long batchBytes,
    Duration batchTime,
    long maxInflatedBytes,
    int maxLinks,
    int maxTextBytes,
    Duration pageTimeout,
    List<String> links,
    List<String> follow,
    List<String> fields,
    Robots robots,
    int maxRefreshes,
    @Nullable String node) {

  /** The word for the main text in {@link #fields}. */
  static final String MAIN_TEXT = "main-text";

  /** The word for the main text as Markdown in {@link #fields}. */
  static final String MARKDOWN = "markdown";

  /** The word for the detected language in {@link #fields}. */
  static final String DETECTED_LANGUAGE = "detected-language";

  public ParserSettings {
    links = List.copyOf(links);
    follow = List.copyOf(follow);
    fields = List.copyOf(fields);
  }

  /**
   * Which robots directives of pages are obeyed, if robots directives are obeyed at all; all of
   * them are recorded. Immutable.
   *
   * @param nofollow whether a page's {@code nofollow} is obeyed: none of its links is followed
   * @param relNofollow whether a link's {@code rel=nofollow} is obeyed: it is not followed
   * @param noindex whether a page's {@code noindex} is obeyed: its content is not kept, but its
   *     links are
   * @param noarchive whether a page's {@code noarchive} is obeyed: it is not kept as it was sent
   * @param unavailableAfter whether a page's {@code unavailable_after} is obeyed: past that date
   *     the page is treated as with {@code noindex}
   */
  public record Robots(
      boolean nofollow,
      boolean relNofollow,
      boolean noindex,
      boolean noarchive,
      boolean unavailableAfter) {}

  /** Whether a page's line has its main text. */
  public boolean mainText() {
    return fields.contains(MAIN_TEXT);
  }

  /** Whether a page's line has its main text as Markdown. */
  public boolean markdown() {
    return fields.contains(MARKDOWN);
  }

  /** Whether a page's line has the language that its text seems to be in. */
  public boolean detectedLanguage() {
    return fields.contains(DETECTED_LANGUAGE);
  }

  /** These settings with another number of threads. */
  public ParserSettings withThreads(int other) {
    return with(other, batchBytes, maxInflatedBytes);
  }

  /**
   * These settings with another number of threads, size of a batch and size of a page after
   * decompression.
   */
  public ParserSettings with(int threadCount, long batch, long inflated) {
    return new ParserSettings(
        processes,
        threadCount,
        heapBytes,
        batchPages,
        batch,
        batchTime,
        inflated,
        maxLinks,
        maxTextBytes,
        pageTimeout,
        links,
        follow,
        fields,
        robots,
        maxRefreshes,
        node);
  }
}
