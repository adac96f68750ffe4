package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.FetcherProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the children of a crawl are started. They read the crawl's own config; what differs for each
 * reaches them as environment variables. Immutable.
 */
final class ChildCommands {

  /**
   * The fetcher waits more than it computes: the optimizing compiler would take half of its
   * processor time and not earn it back (docs/decisions/0004).
   */
  private static final List<String> QUICK_COMPILER = List.of("-XX:TieredStopAtLevel=1");

  /**
   * A parser computes: it is optimized, but only where it is really hot, and with less inlining.
   */
  private static final List<String> PATIENT_COMPILER =
      List.of(
          "-XX:MaxInlineLevel=7",
          "-XX:InlineSmallCode=1000",
          "-XX:Tier3InvocationThreshold=1000",
          "-XX:Tier3MinInvocationThreshold=500",
          "-XX:Tier3CompileThreshold=4000",
          "-XX:Tier4InvocationThreshold=20000",
          "-XX:Tier4MinInvocationThreshold=3000",
          "-XX:Tier4CompileThreshold=40000",
          "-XX:Tier4BackEdgeThreshold=160000");

  private final Crawl crawl;
  private final CrawlFiles files;
  private final String redisUri;

  /**
   * @param redisUri where the children find Redis
   */
  ChildCommands(Crawl crawl, CrawlFiles files, String redisUri) {
    this.crawl = crawl;
    this.files = files;
    this.redisUri = redisUri;
  }

  ChildCommand fetcher() {
    SluiceConfig config = crawl.config();
    return command(FetcherProcess.NAME, "fetcher", config.fetcher().heapBytes(), QUICK_COMPILER, 0);
  }

  /** What the processes of a crawl are called. */
  static List<String> names(SluiceConfig config) {
    List<String> names = new ArrayList<>(List.of(FetcherProcess.NAME));
    for (int number = 1; number <= config.parser().processes(); number++) {
      names.add(parserName(number));
    }
    return names;
  }

  private static String parserName(int number) {
    return "parser-" + number;
  }

  /** The n-th parser, from 1; its admin port is the n-th after the fetcher's. */
  ChildCommand parser(int number) {
    return command(
        parserName(number),
        "parser",
        crawl.config().parser().heapBytes(),
        PATIENT_COMPILER,
        number);
  }

  private ChildCommand command(
      String name, String verb, long heapBytes, List<String> compiler, int portsAfter) {
    Map<String, String> environment = new HashMap<>(crawl.environment());
    environment.put("SLUICE_REDIS_URI", redisUri);
    int port = crawl.config().admin().port();
    environment.put("SLUICE_ADMIN_PORT", Integer.toString(port == 0 ? 0 : port + portsAfter));
    return new ChildCommand(
        name,
        heapBytes,
        compiler,
        files.logs(),
        List.of(verb, "--supervised", "--name", name, crawl.file().toString()),
        environment);
  }
}
