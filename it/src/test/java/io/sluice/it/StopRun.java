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
 * One run of the stop matrix: a crawl is started, hit, run again to its end, and judged by the log
 * of the web's server. Confined to the test's thread.
 */
final class StopRun {

  /** The crawl's {@code shutdown.deadline}. */
  static final Duration DEADLINE = Duration.ofSeconds(3);

  static final Duration BEYOND_DEADLINE = Patience.beyondADeadline();

  /** How soon after the death of its supervisor nothing of a crawl is left. */
  static final Duration ORPHANS_GONE = Duration.ofSeconds(4).plus(BEYOND_DEADLINE);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(1);

  /** The page in hand at which a crawl is killed that is to be run again. */
  private static final int PAGES_BEFORE = 20;

  private static final Pattern GIVEN_BACK =
      Pattern.compile("leases that were out, .* (\\d+) are given back");

  /** The same of a fetcher whose supervisor died: Redis goes as well, pages in hand go back. */
  private static final Pattern GIVEN_BACK_BY_AN_ORPHAN =
      Pattern.compile("leased = .* (\\d+) given back");

  /** All URLs are in one shard, whose checkpoints can be counted. */
  private static final String ONE_SHARD = "frontier: { shards: 1 }";

  /** All pages are in one file, which is full in the middle of the crawl. */
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

  private StopRun(StopCell cell, LoggedWeb web, Path dir) throws IOException {
    this.cell = cell;
    this.web = web;
    this.dir = dir;
    this.output = dir.resolve("out.txt");
    this.yaml = CrawlYaml.in(dir).delay("10ms").with(settings(cell.spot().named()));
    this.config = yaml.of(web).toString();
  }

  /** Small pages of few hosts: many batches, and files that are full soon. */
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

  /** Runs a cell on a web that nobody asked anything yet; files go below {@code dir}. */
  static StopResult of(StopCell cell, LoggedWeb web, Path dir) throws Exception {
    long began = System.nanoTime();
    StopRun run = new StopRun(cell, web, dir);
    run.hit();
    run.finish();
    // A recovery that is stopped gives leases back and does not say how many.
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
        StopOracle.of(web, run.yaml.crawlDir()),
        since(began));
  }

  private void hit() throws Exception {
    switch (cell.spot()) {
      case KillSpot.After(int requests) -> {
        try (SluiceProcess crawl = start(List.of())) {
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

  /** Sends SIGTERM, lets a held thread go on once the stop has begun, and waits for the end. */
  private void terminate(SluiceProcess crawl) throws Exception {
    ProcessHandle target = target(crawl);
    List<ProcessHandle> children = processesOf(crawl);
    long sent = System.nanoTime();
    target.destroy();
    release();
    Processes.awaitEnd(target, DEADLINE.plus(ORPHANS_GONE).plus(BEYOND_DEADLINE));
    stopped = since(sent);
    if (target.pid() == crawl.handle().pid()) {
      exit = crawl.exitWithin(BEYOND_DEADLINE);
      orphans = orphansOf(children);
      audit = StopAudit.of(yaml.crawlDir());
    } else {
      exit = crawl.exitWithin(PATIENCE); // the crawl ends in order, or runs to its end without it
      if (inAParser()) {
        assertThat(crawl.output()).contains("parser-1 ended with status 0");
      }
      audit = StopAudit.of(yaml.crawlDir());
    }
  }

  /** Whether a parser is held with a page in hand, so that it surely ends before its crawl does. */
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

  /** Its supervisor starts it again, unless it stops, and the crawl runs to its end. */
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

  /** Those that are left, known to this test or not. */
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
      case SUPERVISOR, ALL -> crawl.handle();
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
    KillDir now = killDir;
    if (now == null) {
      throw new IllegalStateException("no kill point is armed");
    }
    return now;
  }

  /** A held thread goes on when its process has heard of the stop, or of the second signal. */
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

  /** A process that is not up yet does not say that it stops. */
  private boolean beforeItIsUp(KillPoint point) {
    return point == KillPoint.RECOVERING
        || (IN_A_CHECKPOINT.contains(point) && !(cell.spot() instanceof KillSpot.InAStop));
  }

  private Duration hearing(KillPoint point) {
    boolean mayBeDead = cell.signal() == StopCell.Signal.KILL;
    return mayBeDead || beforeItIsUp(point)
        ? Duration.ofMillis(500)
        : DEADLINE.plus(BEYOND_DEADLINE); // a parser hears of it when the fetcher has ended
  }

  private boolean stopping(KillPoint point) throws IOException {
    if (KillSpot.IN_THE_SUPERVISOR.contains(point)) {
      return true;
    }
    String process = KillSpot.IN_A_PARSER.contains(point) ? "parser-1" : "fetcher";
    String said = cell.again() ? "cutting the drain short" : " stops: ";
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

  /** How many leases fetchers say were out: found without a page or an outcome, or an orphan's. */
  private long givenBack() throws IOException {
    String log = yaml.crawlDir().log("fetcher");
    boolean orphaned = log.contains("fetcher stops: parent-gone");
    return sum(GIVEN_BACK, log) + (orphaned ? sum(GIVEN_BACK_BY_AN_ORPHAN, log) : 0);
  }

  private static long sum(Pattern number, String log) {
    return number.matcher(log).results().mapToLong(match -> Long.parseLong(match.group(1))).sum();
  }

  private static Duration since(long beganNanos) {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }
}
