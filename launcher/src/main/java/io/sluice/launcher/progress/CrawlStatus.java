package io.sluice.launcher.progress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The numbers of a fetcher process at one moment, as its {@code /status} gives them. Immutable.
 *
 * @param endings URLs that ended in this crawl directory, by the word of their ending
 * @param fetched pages fetched in this run
 * @param bytes body bytes received in this run
 * @param hosts hosts known
 * @param queued URLs that wait
 * @param inFlight leases at the fetcher
 * @param outstanding leases whose pages the parsers have
 * @param errors attempts that failed in this run
 * @param descriptors file descriptors open in the process; -1 where the system does not tell
 */
public record CrawlStatus(
    SequencedMap<String, Long> endings,
    long fetched,
    long bytes,
    long hosts,
    long queued,
    long inFlight,
    long outstanding,
    long errors,
    long descriptors) {

  /** Before anything happened. */
  public static final CrawlStatus NONE =
      new CrawlStatus(new LinkedHashMap<>(), 0, 0, 0, 0, 0, 0, 0, -1);

  private static final String ENDINGS = "endings.";

  public CrawlStatus {
    endings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(endings));
  }

  /** URLs of that ending. */
  public long ended(String ending) {
    return endings.getOrDefault(ending, 0L);
  }

  /**
   * Reads a status; numbers that it does not have are 0.
   *
   * @throws IOException when {@code json} is not a JSON object
   */
  public static CrawlStatus parse(String json) throws IOException {
    Map<String, Long> numbers = numbers(json);
    SequencedMap<String, Long> endings = new LinkedHashMap<>();
    numbers.forEach(
        (name, number) -> {
          if (name.startsWith(ENDINGS)) {
            endings.put(name.substring(ENDINGS.length()), number);
          }
        });
    return new CrawlStatus(
        endings,
        numbers.getOrDefault("fetched", 0L),
        numbers.getOrDefault("bytes", 0L),
        numbers.getOrDefault("hosts", 0L),
        numbers.getOrDefault("queued", 0L),
        numbers.getOrDefault("inFlight", 0L),
        numbers.getOrDefault("outstanding", 0L),
        numbers.getOrDefault("errors", 0L),
        numbers.getOrDefault("descriptors", -1L));
  }

  /** Every whole number of a JSON object by its path, {@code endings.page}; arrays are skipped. */
  static Map<String, Long> numbers(String json) throws IOException {
    Map<String, Long> numbers = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      readObject(parser, "", numbers);
    }
    return numbers;
  }

  private static void readObject(JsonParser parser, String path, Map<String, Long> numbers)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = path + parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        readObject(parser, name + ".", numbers);
      } else if (value == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_NUMBER_INT) {
        numbers.put(name, parser.getLongValue());
      }
    }
  }
}
