package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.fault.KillPoint;
import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of the stop matrix: a crawl is started, stopped or killed, run again to its end, and
 * judged by the log of the web's server. Confined to the test's thread.
 */
final class StopRun {

  /** The crawl's {@code shutdown.deadline}. */
  static final Duration DEADLINE = Duration.ofSeconds(3);

  static final Duration BEYOND_DEADLINE = Patience.beyondADeadline();

  /** Time after the end of the supervisor within which all processes of a crawl must end. */
  static final Duration ORPHANS_GONE = Duration.ofSeconds(4).plus(BEYOND_DEADLINE);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(1);

  /** Number of the page at which a crawl is killed before the run that a cell tests. */
  private static final int PAGES_BEFORE = 20;

  private static final Pattern GIVEN_BACK =
      Pattern.compile("leases that were out, .* (\\d+) were given back");

  /**
   * The log line of a fetcher whose supervisor was killed: Redis ends as well, so the fetcher gives
   * back the leases of unfinished pages.
   */
  private static final Pattern GIVEN_BACK_BY_AN_ORPHAN =
      Pattern.compile("leased = .* (\\d+) given back");

  /** Puts all URLs in one shard, whose checkpoints can be counted. */
  private static final String ONE_SHARD = "frontier: { shards: 1 }";

  /** Puts all pages in one file, which becomes full in the middle of the crawl. */
  private static final String ONE_WORKER = ", processes: 1, threads: 1";

  private static final Set<KillPoint> IN_A_CHECKPOINT =
      EnumSet.of(KillPoint.CHECKPOINT, KillPoint.CHECKPOINT_RENAMED);

  private final StopCell cell;
  private final LoggedWeb web;
  private final CrawlYaml yaml;
  private final String config;
  private final Path dir;
  private final Path output;
  private @Nullable KillDir killDir;
  private int exit = -1;
  private Duration stopped = Duration.ZERO;
  private List<String> orphans = List.of();
  private long leasesOut;
  private StopAudit audit = StopAudit.NONE;
  private Set<String> unparsed = Set.of();

  private StopRun(StopCell cell, LoggedWeb web, Path dir) throws IOException {
    this.cell = cell;
    this.web = web;
    this.dir = dir;
    this.output = dir.resolve("out.txt");
    this.yaml = CrawlYaml.in(dir).delay("10ms").with(settings(cell.spot().named()));
    this.config = yaml.of(web).toString();
  }

  /** Settings for small pages of few hosts, with many batches and files that soon become full. */
  private static String settings(@Nullable KillPoint point) {
    return """
    parser: { batch-pages: 8, batch-time: 20ms%s }
    output: { rotate-size: 64 KiB }
    shutdown: { deadline: %ds }
    %s
    """
        .formatted(
            point == KillPoint.SEALED ? ONE_WORKER : "",
            DEADLINE.toSeconds(),
            point != null && IN_A_CHECKPOINT.contains(point) ? ONE_SHARD : "");
  }

  /**
   * Runs a cell on a web that has not received any request yet; files are written below {@code
   * dir}.
   */
  static StopResult of(StopCell cell, LoggedWeb web, Path dir) throws Exception {
    long began = System.nanoTime();
    StopRun run = new StopRun(cell, web, dir);
    run.hit();
    run.finish();
    // a recovery that is stopped does not report how many leases it gives back
    long bound =
        cell.signal() == StopCell.Signal.KILL
            ? Math.min(run.givenBack(), run.leasesOut)
            : run.leasesOut;
    if (cell.spot() instanceof KillSpot.InARestart) {
      assertThat(bound).as("leases of pages that Redis did not have").isPositive();
    }
    return new StopResult(
        cell,
        run.exit,
        run.stopped,
        run.orphans,
        bound,
        run.audit,
        run.unparsed,
        StopOracle.of(web, run.yaml.crawlDir()),
        since(began));
  }

  private void hit() throws Exception {
    switch (cell.spot()) {
      case KillSpot.After(int requests) -> {
        List<String> wrapper = cell.target().wrapper();
        try (SluiceProcess crawl =
            SluiceProcess.startUnder(wrapper, output, Map.of(), "run", config)) {
          awaitRequests(requests, crawl);
          send(crawl);
        }
      }
      case KillSpot.At(KillPoint point, int arrival) -> {
        try (SluiceProcess crawl = startArmed(point, arrival)) {
          awaitReached(crawl);
          assertThat(yaml.crawlDir().log("supervisor"))
              .as("%s was reached when the crawl was over", point)
              .doesNotContain("stopping: ");
          send(crawl);
        }
      }
      case KillSpot.InAStop(int requests, KillPoint point, int arrival) -> {
        try (SluiceProcess crawl = startArmed(point, arrival)) {
          awaitRequests(requests, crawl);
          assertThat(armed().reached()).as("%s was reached before the stop", point).isFalse();
          crawl.terminate();
          awaitReached(crawl);
          send(crawl);
        }
      }
      case KillSpot.InARestart(KillPoint point, int arrival) -> {
        try (SluiceProcess crawl = startArmed(KillPoint.FETCHED, PAGES_BEFORE)) {
          awaitReached(crawl);
          killAll(crawl);
        }
        try (SluiceProcess crawl = startArmed(point, arrival)) {
          awaitReached(crawl);
          send(crawl);
        }
      }
    }
  }

  private SluiceProcess startArmed(KillPoint point, int arrival) throws IOException {
    KillDir armed = KillDir.in(dir, point, arrival);
    killDir = armed;
    return start(armed.jvmOptions());
  }

  private SluiceProcess start(List<String> jvmOptions) throws IOException {
    return SluiceProcess.start(output, Map.of(), jvmOptions, "run", config);
  }

  private void send(SluiceProcess crawl) throws Exception {
    switch (cell.signal()) {
      case TERM -> terminate(crawl);
      case KILL -> kill(crawl);
    }
  }

  /** Sends SIGTERM, releases a held thread once the stop has begun, and waits for the end. */
  private void terminate(SluiceProcess crawl) throws Exception {
    ProcessHandle target = target(crawl);
    List<ProcessHandle> children = processesOf(crawl);
    long sent = System.nanoTime();
    sendTerm(target, children);
    release();
    Processes.awaitEnd(target, DEADLINE.plus(ORPHANS_GONE).plus(BEYOND_DEADLINE));
    stopped = since(sent);
    if (target.pid() == crawl.handle().pid()) {
      exit = crawl.exitWithin(BEYOND_DEADLINE);
      orphans = orphansOf(children);
      audit = StopAudit.of(yaml.crawlDir());
      unparsed = StopOracle.unparsed(web, yaml.crawlDir());
    } else {
      exit = crawl.exitWithin(PATIENCE); // has a status, since only a child was signalled
      if (inAParser() && cell.spot().named() != KillPoint.COMMITTED) {
        // the parser must end before the crawl, which is certain only while it handles a page
        assertThat(yaml.crawlDir().log("parser-1")).contains("parser-1 stopped (signalled)");
      }
      audit = StopAudit.of(yaml.crawlDir());
    }
  }

  private void sendTerm(ProcessHandle target, List<ProcessHandle> children) throws Exception {
    if (cell.again()) { // two kinds, since equal pending signals merge; a third insists at once
      // at once
      Processes.signal("TERM", target.pid()); // a background job of a shell ignores SIGINT
      Processes.signal("HUP", target.pid());
      return;
    }
    switch (cell.target()) {
      case GROUP -> Processes.signalGroup("TERM", target.pid());
      case ALL -> {
        target.destroy();
        children.forEach(ProcessHandle::destroy);
      }
      default -> target.destroy();
    }
  }

  /**
   * Whether a parser is held while it handles a page, so that it certainly ends before its crawl.
   */
  private boolean inAParser() {
    return cell.spot() instanceof KillSpot.At(KillPoint point, _)
        && KillSpot.IN_A_PARSER.contains(point);
  }

  private void kill(SluiceProcess crawl) throws Exception {
    List<ProcessHandle> children = processesOf(crawl);
    assertThat(children).as("processes of the crawl").isNotEmpty();
    long sent = System.nanoTime();
    if (cell.target() == StopCell.Target.ALL) {
      killAll(crawl);
      orphans = orphansOf(children);
    } else if (cell.target() == StopCell.Target.SUPERVISOR) {
      LeasesOut out = LeasesOut.before(web, yaml.crawlDir());
      crawl.handle().destroyForcibly();
      release();
      Processes.awaitGone(children, ORPHANS_GONE);
      leasesOut += out.atDeath(web);
      orphans = orphansOf(children);
    } else {
      killAChild(crawl);
    }
    stopped = since(sent);
  }

  /**
   * Kills a child. The supervisor restarts it, unless the crawl is stopping, and the crawl runs to
   * its end.
   */
  private void killAChild(SluiceProcess crawl) throws Exception {
    ProcessHandle child = target(crawl);
    LeasesOut out = LeasesOut.before(web, yaml.crawlDir());
    child.destroyForcibly();
    if (cell.target() != StopCell.Target.PARSER && !inAParser()) {
      Processes.awaitEnd(child, ORPHANS_GONE);
      leasesOut += out.atDeath(web);
    }
    exit = crawl.exitWithin(PATIENCE);
  }

  private void killAll(SluiceProcess crawl) throws Exception {
    List<ProcessHandle> all = new ArrayList<>(List.of(crawl.handle()));
    all.addAll(processesOf(crawl));
    LeasesOut before = LeasesOut.before(web, yaml.crawlDir());
    all.forEach(ProcessHandle::destroyForcibly);
    Processes.awaitGone(all, ORPHANS_GONE);
    leasesOut += before.atDeath(web);
  }

  /** Returns the processes that are left, including those that this test did not know. */
  private List<String> orphansOf(List<ProcessHandle> known) {
    Set<ProcessHandle> all = new LinkedHashSet<>(known);
    all.addAll(Processes.naming(dir));
    return Processes.alive(List.copyOf(all));
  }

  private List<ProcessHandle> processesOf(SluiceProcess crawl) throws IOException {
    List<ProcessHandle> all = new ArrayList<>(crawl.descendants());
    yaml.crawlDir().redisServer().ifPresent(all::add);
    return all;
  }

  /** Runs the crawl to its end. */
  private void finish() throws Exception {
    try (SluiceProcess crawl = start(List.of())) {
      assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
    }
  }

  private ProcessHandle target(SluiceProcess crawl) throws IOException {
    return switch (cell.target()) {
      case SUPERVISOR, ALL, GROUP, TIMEOUT -> crawl.handle();
      case FETCHER -> process("fetcher");
      case PARSER -> process("parser-1");
      case HOLDER -> armed().holder();
    };
  }

  private ProcessHandle process(String name) throws IOException {
    long pid = yaml.crawlDir().pid(name);
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(name + " is not running"));
  }

  private KillDir armed() {
    KillDir armed = killDir;
    if (armed == null) {
      throw new IllegalStateException("no kill point is armed");
    }
    return armed;
  }

  /** Releases a held thread once its process has received the stop or the second signal. */
  private void release() throws IOException {
    KillDir held = killDir;
    if (held == null) {
      return;
    }
    boolean heard;
    try {
      await().atMost(hearing(held.point())).pollInterval(POLL).until(() -> stopping(held.point()));
      heard = true;
    } catch (ConditionTimeoutException e) {
      heard = false;
    }
    held.go();
    boolean must = cell.signal() == StopCell.Signal.TERM && !beforeItIsUp(held.point());
    assertThat(heard || !must).as("%s heard of the stop while it was held", held.point()).isTrue();
  }

  /**
   * Whether the kill point is reached before the process is up; until then, the process does not
   * report a stop.
   */
  private boolean beforeItIsUp(KillPoint point) {
    return point == KillPoint.RECOVERING
        || (IN_A_CHECKPOINT.contains(point) && !(cell.spot() instanceof KillSpot.InAStop));
  }

  private Duration hearing(KillPoint point) {
    boolean mayBeDead = cell.signal() == StopCell.Signal.KILL;
    return mayBeDead || beforeItIsUp(point)
        ? Duration.ofMillis(500)
        : DEADLINE.plus(BEYOND_DEADLINE); // a parser gets its order after the fetcher has ended
  }

  private boolean stopping(KillPoint point) throws IOException {
    if (KillSpot.IN_THE_SUPERVISOR.contains(point)) {
      return true;
    }
    String process = KillSpot.IN_A_PARSER.contains(point) ? "parser-1" : "fetcher";
    String said = cell.again() ? "cutting the drain short" : " is stopping: ";
    return yaml.crawlDir().log(process).contains(said);
  }

  private void awaitRequests(int requests, SluiceProcess crawl) throws IOException {
    awaitOrEnd(crawl, () -> web.asked().size() >= requests && yaml.crawlDir().logBytes() > 0);
    assertThat(crawl.alive()).as("it ended too soon:\n%s", crawl.output()).isTrue();
  }

  private void awaitReached(SluiceProcess crawl) throws IOException {
    awaitOrEnd(crawl, () -> armed().reached());
    assertThat(armed().reached()).as("%s was never reached:\n%s", cell, crawl.output()).isTrue();
  }

  private static void awaitOrEnd(SluiceProcess crawl, Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(POLL).until(() -> condition.call() || !crawl.alive());
  }

  /**
   * Returns how many leases the fetchers report as given back: found without a page or an outcome
   * at start-up, or given back by an orphan.
   */
  private long givenBack() throws IOException {
    String log = yaml.crawlDir().log("fetcher");
    boolean orphaned = log.contains("fetcher is stopping: parent-gone");
    return sum(GIVEN_BACK, log) + (orphaned ? sum(GIVEN_BACK_BY_AN_ORPHAN, log) : 0);
  }

  private static long sum(Pattern number, String log) {
    return number.matcher(log).results().mapToLong(match -> Long.parseLong(match.group(1))).sum();
  }

  private static Duration since(long beganNanos) {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }
}
