package io.sluice.core.config;

import java.time.Duration;
import java.util.List;

/**
 * How pages are parsed. Immutable.
 *
 * @param processes parser processes under {@code sluice run}; {@code auto} is one per four
 *     processors
 * @param threads workers in a process; {@code auto} is the processors divided by the processes
 * @param heapBytes a parser process's heap under {@code sluice run}
 * @param batchPages pages committed together at most
 * @param batchBytes bytes of pages committed together at most
 * @param batchTime how long a page waits for its batch to fill at most
 * @param maxInflatedBytes bytes of a page after decompression at most; what is beyond is cut
 * @param maxLinks links of a page at most
 * @param maxTextBytes UTF-8 bytes of a page's text at most
 * @param pageTimeout a page that parses longer is given up
 * @param follow the elements whose links are followed: a, area, frame, iframe, link
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
    List<String> follow) {

  public ParserSettings {
    follow = List.copyOf(follow);
  }
}
