package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Priority;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.inspect.ShardStats;
import io.sluice.launcher.progress.Amounts;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A frontier's numbers for people: the totals, then a line for each shard. Stateless. */
final class FrontierStatsTable {

  private static final String ROW = "%5s %10s %10s %12s %12s %8s %8s %10s %12s %12s %9s%n";

  private FrontierStatsTable() {}

  static void write(@Nullable String owner, List<ShardStats> shards, PrintWriter out) {
    writeSums(owner, ShardStats.sum(shards), shards.size(), out);
    out.println();
    out.printf(
        ROW,
        "shard",
        "generation",
        "hosts",
        "seen",
        "queued",
        "leases",
        "retries",
        "resting",
        "ended",
        "disk",
        "segments");
    for (ShardStats shard : shards) {
      out.printf(
          ROW,
          shard.shard(),
          shard.generation(),
          Amounts.count(shard.hosts()),
          Amounts.count(shard.seen()),
          Amounts.count(shard.queuedInAll()),
          Amounts.count(shard.leases()),
          Amounts.count(shard.retries()),
          Amounts.count(shard.setAside() + shard.givenUp()),
          Amounts.count(total(shard.ended())),
          Amounts.bytes((double) total(shard.disk())),
          shard.segments());
    }
    out.flush();
  }

  private static void writeSums(
      @Nullable String owner, ShardStats sum, int shards, PrintWriter out) {
    line(out, "owner", owner == null ? "nobody" : Echo.of(owner));
    line(out, "shards", Amounts.count(shards));
    line(out, "hosts", Amounts.count(sum.hosts()) + states(sum));
    line(out, "held", hosts(sum.hosts(HostState.Kind.HELD), sum.heldHosts()));
    line(out, "seen", Amounts.count(sum.seen()) + " URLs");
    line(out, "queued", Amounts.count(sum.queuedInAll()) + priorities(sum));
    line(out, "leases out", Amounts.count(sum.leases()));
    line(out, "retries", Amounts.count(sum.retries()));
    line(out, "set aside", Amounts.count(sum.setAside(), "URL"));
    line(
        out,
        "given up",
        Amounts.count(sum.givenUp(), "URL")
            + " of "
            + hosts(sum.hosts(HostState.Kind.GIVEN_UP), sum.givenUpHosts()));
    line(out, "revisits", Amounts.count(sum.planned()));
    line(out, "ended", Amounts.count(total(sum.ended())) + endings(sum));
    line(out, "received", Amounts.bytes((double) sum.bytes()));
    line(out, "disk", Amounts.bytes((double) total(sum.disk())) + kinds(sum.disk()));
    line(out, "segments", Amounts.count(sum.segments()));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-11s %s%n", name, value);
  }

  private static String states(ShardStats sum) {
    return Arrays.stream(HostState.Kind.values())
        .map(state -> state.word() + " " + Amounts.count(sum.hosts(state)))
        .collect(Collectors.joining(", ", " (", ")"));
  }

  /**
   * Formats a number of hosts with their reasons: {@code 3 hosts (dns-timeout 2, tls-failed 1)}.
   */
  private static String hosts(long count, Map<String, Integer> reasons) {
    String parts =
        new TreeMap<>(reasons)
            .entrySet().stream()
                .map(reason -> reason.getKey() + " " + Amounts.count(reason.getValue()))
                .collect(Collectors.joining(", "));
    return Amounts.count(count, "host") + (parts.isEmpty() ? "" : " (" + parts + ")");
  }

  private static String priorities(ShardStats sum) {
    String due = sum.dueRetries() == 0 ? "" : ", retries due " + Amounts.count(sum.dueRetries());
    return Arrays.stream(Priority.values())
        .map(priority -> priority.word() + " " + Amounts.count(sum.queued(priority)))
        .collect(Collectors.joining(", ", " (", due + ")"));
  }

  private static String endings(ShardStats sum) {
    StringBuilder text = new StringBuilder();
    for (Ending ending : Ending.values()) {
      text.append(text.isEmpty() ? " (" : ", ");
      text.append(ending.word()).append(' ').append(Amounts.count(sum.ended(ending)));
    }
    return text.append(')').toString();
  }

  private static String kinds(Map<String, Long> disk) {
    return new TreeMap<>(disk)
        .entrySet().stream()
            .map(kind -> kind.getKey() + " " + Amounts.bytes((double) kind.getValue()))
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private static long total(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
