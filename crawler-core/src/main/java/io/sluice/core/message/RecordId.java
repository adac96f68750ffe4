package io.sluice.core.message;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a record-only entry, unique in its crawl: an incarnation of the fetcher, and a number
 * within it. As text it is {@code r<incarnation>-<number>}, which names no lease. Immutable.
 *
 * @param incarnation the incarnation that the fetcher process took at its start, from 1
 * @param number from 1
 */
public record RecordId(long incarnation, long number) {

  private static final Pattern TEXT = Pattern.compile("r([1-9][0-9]{0,17})-([1-9][0-9]{0,17})");

  /** Reads what {@link #toString} wrote; null if the text is not an id. */
  public static @Nullable RecordId parse(String text) {
    var matcher = TEXT.matcher(text);
    return matcher.matches()
        ? new RecordId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
        : null;
  }

  @Override
  public String toString() {
    return "r" + incarnation + "-" + number;
  }
}
