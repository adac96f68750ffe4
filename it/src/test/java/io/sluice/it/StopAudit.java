package io.sluice.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The problems in the report of a stop, {@code shutdown-report.json}.
 *
 * @param complaints numbers that should be zero and are not, one line each
 * @param forced the URLs whose requests were cut off
 * @param killed the parts of the crawl that its supervisor had to kill
 * @param resting number of fetched pages left in Redis; -1 if unknown
 */
record StopAudit(List<String> complaints, List<String> forced, List<String> killed, long resting) {

  /** The audit of a crawl without a stop. */
  static final StopAudit NONE = new StopAudit(List.of(), List.of(), List.of(), -1);

  /** Reads the report of the last stop. */
  static StopAudit of(CrawlDir dir) throws IOException {
    List<String> complaints = new ArrayList<>();
    List<String> forced = new ArrayList<>();
    List<String> killed = new ArrayList<>();
    Line processes = new Line(dir.report()).in("processes");
    for (Map.Entry<String, @Nullable Object> process : processes.fields().entrySet()) {
      if (process.getValue() != null) { // a process stopped before it was up leaves no report
        Line report = processes.in(process.getKey());
        audit(process.getKey(), report, complaints);
        if (report.fields().containsKey("leases")) { // missing in the supervisor's report
          balance(process.getKey(), report.in("leases"), complaints);
          report.in("leases").list("forced-leases").forEach(lease -> forced.add(lease.url()));
        }
        if (report.fields().containsKey("parts")) {
          report.list("parts").stream()
              .filter(part -> part.text("ended").equals("killed"))
              .forEach(part -> killed.add(part.text("name")));
        }
      }
    }
    Object resting = processes.in("supervisor").fields().get("pages-in-redis");
    long pages = resting instanceof Number number ? number.longValue() : -1;
    return new StopAudit(complaints, forced, killed, pages);
  }

  private static void audit(String process, Line report, List<String> complaints) {
    Line audit = report.in("audit");
    expect(audit.flag("clean"), process, "audit not clean", audit, complaints);
    for (String list : List.of("ledger-entries", "threads")) {
      expect(audit.values(list).isEmpty(), process, list, audit.values(list), complaints);
    }
    expect(audit.in("risen").fields().isEmpty(), process, "risen", audit, complaints);
    Line census = audit.in("descriptors-now");
    for (String list : List.of("strays", "phantoms")) {
      expect(census.values(list).isEmpty(), process, list, census.values(list), complaints);
    }
    long errors = report.in("log").number("errors");
    expect(errors == 0, process, "errors in its log", errors, complaints);
    if (report.fields().containsKey("failures")) { // the supervisor's own failures are in its log
      List<?> failures = report.values("failures");
      expect(failures.isEmpty(), process, "failures", failures, complaints);
    }
    Object stray = census.in("kinds").fields().getOrDefault("unattributed", 0L);
    expect(Long.valueOf(0).equals(stray), process, "unattributed", stray, complaints);
  }

  private static void balance(String process, Line leases, List<String> complaints) {
    long accounted =
        leases.number("done")
            + leases.number("retried")
            + leases.number("given-back")
            + leases.number("outstanding");
    boolean balanced = leases.number("leased") == accounted;
    expect(balanced, process, "leases do not balance", leases, complaints);
  }

  private static void expect(
      boolean holds, String process, String what, @Nullable Object seen, List<String> complaints) {
    if (!holds) {
      complaints.add(process + ": " + what + ": " + seen);
    }
  }
}
