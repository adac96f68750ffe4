package io.sluice.launcher.progress;

import io.sluice.core.metrics.Status;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The numbers of a fetcher process at one moment, as served by its {@code /status}. Immutable.
 *
 * @param endings URLs that ended in this crawl directory, by kind of ending
 * @param statuses URLs that ended with a response, by status class
 * @param fetched pages fetched in this run
 * @param bytes body bytes received in this run
 * @param bytesInAll body bytes received in this crawl directory
 * @param hosts number of known hosts
 * @param queued URLs in the queues
 * @param inFlight leases held by the fetcher
 * @param visits visits in progress, by what is known about their hosts
 * @param outstanding leases whose pages the parsers have not committed yet
 * @param outstandingRecords archive-only exchanges that the parsers have not committed yet
 * @param errors attempts that failed in this run
 * @param descriptors file descriptors open in the process; -1 if the system does not report it
 * @param holds one line about the hosts that the crawl is waiting for; empty if no host is held
 * @param waitsFor what a stalled crawl is waiting for; empty for nothing
 * @param notes lines for the user about reasons, URLs left in the frontier and seeds
 * @param found lines for the user about what the start found
 */
public record CrawlStatus(
    SequencedMap<String, Long> endings,
    Statuses statuses,
    long fetched,
    long bytes,
    long bytesInAll,
    long hosts,
    long queued,
    long inFlight,
    Visits visits,
    long outstanding,
    long outstandingRecords,
    long errors,
    long descriptors,
    String holds,
    String waitsFor,
    List<String> notes,
    List<String> found) {

  /**
   * Visits by kind.
   *
   * @param troubledMax maximum number of visits in progress to hosts whose earlier visits failed
   */
  public record Visits(long proven, long first, long troubled, long troubledMax) {}

  /**
   * URLs that ended with a response, by status class ({@code 4xx}).
   *
   * @param all in this crawl directory
   * @param now in this run
   * @param errorPages pages whose status is 400 or more, in this crawl directory
   * @param errorPagesNow the same, in this run
   */
  public record Statuses(
      SequencedMap<String, Long> all,
      SequencedMap<String, Long> now,
      long errorPages,
      long errorPagesNow) {

    /** A crawl in which nothing has happened yet. */
    static final Statuses NONE = new Statuses(new LinkedHashMap<>(), new LinkedHashMap<>(), 0, 0);

    private Statuses ofRun(Statuses first) {
      SequencedMap<String, Long> sinceFirst = new LinkedHashMap<>();
      all.forEach(
          (hundred, count) -> {
            long before = first.all.getOrDefault(hundred, 0L) - first.now.getOrDefault(hundred, 0L);
            if (count > before) {
              sinceFirst.put(hundred, count - before);
            }
          });
      long before = first.errorPages - first.errorPagesNow;
      return new Statuses(all, sinceFirst, errorPages, errorPages - before);
    }

    public Statuses {
      all = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(all));
      now = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(now));
    }
  }

  /** The key for pages in {@code endings}. */
  static final String PAGE = "page";

  /** A crawl in which nothing has happened yet. */
  public static final CrawlStatus NONE =
      new CrawlStatus(
          new LinkedHashMap<>(),
          Statuses.NONE,
          0,
          0,
          0,
          0,
          0,
          0,
          new Visits(0, 0, 0, 0),
          0,
          0,
          0,
          -1,
          "",
          "",
          List.of(),
          List.of());

  public CrawlStatus {
    endings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(endings));
    notes = List.copyOf(notes);
    found = List.copyOf(found);
  }

  /** Whether this status has no numbers: none was read, or the process was still starting. */
  public boolean isUnknown() {
    return endings.isEmpty() && queued + inFlight + outstanding == 0;
  }

  /**
   * Returns this status with its numbers counted from the beginning of the run, since a restarted
   * fetcher counts from its own start. Only the errors remain as the fetcher counted them.
   *
   * @param first the run's first status that has numbers
   */
  CrawlStatus ofRun(CrawlStatus first) {
    if (isUnknown()) {
      return this;
    }
    return new CrawlStatus(
        endings,
        statuses.ofRun(first.statuses),
        ended(PAGE) - (first.ended(PAGE) - first.fetched),
        bytesInAll - (first.bytesInAll - first.bytes),
        bytesInAll,
        hosts,
        queued,
        inFlight,
        visits,
        outstanding,
        outstandingRecords,
        errors,
        descriptors,
        holds,
        waitsFor,
        notes,
        found);
  }

  /** Number of URLs with the given ending. */
  public long ended(String ending) {
    return endings.getOrDefault(ending, 0L);
  }

  /**
   * Reads a status from its JSON.
   *
   * @throws IOException if {@code json} is not a JSON object
   */
  public static CrawlStatus parse(String json) throws IOException {
    return of(Status.parse(json));
  }

  /** Converts a fetcher's status; missing numbers are 0. */
  public static CrawlStatus of(Status status) {
    long bytes = StatusValues.number(status, "bytes", 0);
    Status visits = StatusValues.part(status, "visits");
    return new CrawlStatus(
        StatusValues.numbers(status, "endings"),
        new Statuses(
            StatusValues.numbers(status, "statuses"),
            StatusValues.numbers(status, "statusesNow"),
            StatusValues.number(status, "errorPages", 0),
            StatusValues.number(status, "errorPagesNow", 0)),
        StatusValues.number(status, "fetched", 0),
        bytes,
        StatusValues.number(status, "bytesInAll", bytes),
        StatusValues.number(status, "hosts", 0),
        StatusValues.number(status, "queued", 0),
        StatusValues.number(status, "inFlight", 0),
        new Visits(
            StatusValues.number(visits, "proven", 0),
            StatusValues.number(visits, "first", 0),
            StatusValues.number(visits, "troubled", 0),
            StatusValues.number(visits, "troubledMax", 0)),
        StatusValues.number(status, "outstanding", 0),
        StatusValues.number(status, "outstandingRecords", 0),
        StatusValues.number(status, "errors", 0),
        StatusValues.number(status, "descriptors", -1),
        StatusValues.text(status, "holds"),
        StatusValues.text(status, "waitsFor"),
        StatusValues.texts(status, "notes"),
        StatusValues.texts(status, "found"));
  }
}
