package io.sluice.parser.warc;

import io.sluice.core.config.SluiceConfig;

/**
 * A crawl's description in a warcinfo record (WARC 1.1, 6.2). Immutable.
 *
 * @param software name and version of the crawler
 * @param crawl the crawl's name
 * @param userAgent the crawler's User-Agent
 * @param obeysRobots whether robots.txt was obeyed
 */
public record WarcInfo(String software, String crawl, String userAgent, boolean obeysRobots) {

  private static final String FORMAT = "WARC File Format 1.1";
  private static final String CONFORMS_TO =
      "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";

  /** The description from a crawl's settings. */
  public static WarcInfo of(SluiceConfig config) {
    String version = WarcInfo.class.getPackage().getImplementationVersion();
    return new WarcInfo(
        version == null ? "Sluice" : "Sluice/" + version,
        config.crawl().name(),
        config.crawl().userAgent(),
        config.politeness().obeyRobots());
  }

  /** The record's block: {@code application/warc-fields}. */
  String fields() {
    StringBuilder text = new StringBuilder(256);
    field(text, "software", software);
    field(text, "format", FORMAT);
    field(text, "conformsTo", CONFORMS_TO);
    field(text, "isPartOf", crawl);
    field(text, "http-header-user-agent", userAgent);
    field(text, "robots", obeysRobots ? "obey" : "ignore");
    return text.toString();
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append(name).append(": ");
    WarcRecord.appendLine(text, value);
    text.append("\r\n");
  }
}
