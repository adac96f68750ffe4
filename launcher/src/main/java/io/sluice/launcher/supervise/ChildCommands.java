package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.FetcherProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the commands that start a crawl's children. The children read the crawl's own config;
 * environment variables override the settings that differ. Immutable.
 */
final class ChildCommands {

  /**
   * The address of the children's admin ports; only the supervisor's port can be reached from other
   * machines.
   */
  static final String ADDRESS = "127.0.0.1";

  /**
   * The fetcher mostly waits, so the optimizing compiler is off: it would take half of the
   * processor time and save less than that (docs/decisions/0004).
   */
  private static final List<String> QUICK_COMPILER = List.of("-XX:TieredStopAtLevel=1");

  /** A parser is processor-bound: only its hottest code is optimized, with less inlining. */
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
   * @param redisUri the URI by which the children reach Redis
   */
  ChildCommands(Crawl crawl, CrawlFiles files, String redisUri) {
    this.crawl = crawl;
    this.files = files;
    this.redisUri = redisUri;
  }

  ChildCommand fetcher() {
    SluiceConfig config = crawl.config();
    return command(FetcherProcess.NAME, "fetcher", config.fetcher().heapBytes(), QUICK_COMPILER);
  }

  /** The names of a crawl's processes. */
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

  /** The n-th parser, from 1. */
  ChildCommand parser(int number) {
    return command(
        parserName(number), "parser", crawl.config().parser().heapBytes(), PATIENT_COMPILER);
  }

  private ChildCommand command(String name, String verb, long heapBytes, List<String> compiler) {
    Map<String, String> environment = new HashMap<>(crawl.environment());
    environment.put("SLUICE_REDIS_URI", redisUri);
    environment.put("SLUICE_ADMIN_BIND", ADDRESS);
    environment.put("SLUICE_ADMIN_PORT", "0"); // any free port: the supervisor uses admin.port
    return new ChildCommand(
        name,
        heapBytes,
        compiler,
        files.logs(),
        List.of(verb, "--supervised", "--name", name, crawl.file().toString()),
        environment);
  }
}
