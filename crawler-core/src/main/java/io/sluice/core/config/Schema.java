package io.sluice.core.config;

import static io.sluice.core.config.Quantities.autoOr;
import static io.sluice.core.config.Quantities.duration;
import static io.sluice.core.config.Quantities.either;
import static io.sluice.core.config.Quantities.limit;
import static io.sluice.core.config.Quantities.number;
import static io.sluice.core.config.Quantities.size;
import static io.sluice.core.config.Quantities.unlimitedOr;

import io.sluice.core.members.Compression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration: its name, its bounds and its default, one line each. Stateless.
 */
final class Schema {

  private static final long MANY = 1_000_000_000_000L;
  private static final int PROCESSORS_PER_PARSER = 4;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CONNECTIONS = 16_384;

  /** By default, troubled hosts may use this fraction of the connections. */
  private static final int TROUBLED_PART = 8;

  /** Kinds of links that are recorded only if the config lists them. */
  private static final String[] FURTHER_LINKS = {
    "img", "script", "source", "object", "embed", "form", "css", "json-ld"
  };

  private static final String[] ALL_LINKS =
      Stream.concat(
              Stream.of("a", "area", "frame", "iframe", "link", "content-location"),
              Stream.of(FURTHER_LINKS))
          .toArray(String[]::new);

  /** The optional fields of a page's line. */
  private static final String[] FIELDS = {
    "meta",
    "alternates",
    "social",
    "json-ld",
    "microdata",
    "headings",
    "link-text",
    "html",
    ParserSettings.MAIN_TEXT,
    ParserSettings.MARKDOWN,
    ParserSettings.DETECTED_LANGUAGE
  };

  /**
   * Names that sites use only for sessions, and those that mark where a visitor came from. At many
   * sites a {@code sid} is the number of a story, so only a value as long as a hash counts as a
   * session id.
   */
  private static final List<String> STRIPPED =
      List.of(
          "jsessionid",
          "phpsessid",
          "aspsessionid*",
          "cfid",
          "cftoken",
          "oscsid",
          "zenid",
          "sid:32",
          "utm_*",
          "gclid",
          "fbclid",
          "msclkid");

  private Schema() {}

  /** Reads all settings; problems are reported to the section's reading. */
  static SluiceConfig read(Section root, int processors) {
    CrawlSettings crawl = crawl(root.section("crawl"));
    ScopeSettings scope = scope(root.section("scope"));
    PolitenessSettings politeness = politeness(root.section("politeness"));
    List<HostRule> hosts = hosts(root);
    RecrawlSettings recrawl = recrawl(root.section("recrawl"));
    FetcherSettings fetcher = fetcher(root.section("fetcher"));
    FrontierSettings frontier = frontier(root.section("frontier"));
    ParserSettings parser =
        parser(
            root.section("parser"), processors, frontier.leaseTimeout(), politeness.obeyRobots());
    List<ExtractRule> extract = ExtractSchema.read(root);
    RedisSettings redis = redis(root.section("redis"));
    OutputSettings output = output(root.section("output"));
    ShutdownSettings shutdown = shutdown(root.section("shutdown"));
    AdminSettings admin = admin(root.section("admin"));
    root.reportUnknown();
    return new SluiceConfig(
        crawl,
        scope,
        politeness,
        hosts,
        recrawl,
        fetcher,
        frontier,
        parser,
        extract,
        redis,
        output,
        shutdown,
        admin);
  }

  private static CrawlSettings crawl(Section s) {
    String name = s.value("name", Texts.name(), "crawl");
    Path dir = s.value("dir", Texts.path(), "./crawls/" + name);
    List<Seed> seeds = s.items("seeds", SeedLine.format(), SeedLine::mapped);
    Path seedsFile = s.optional("seeds-file", Texts.readableFile());
    if (seeds.isEmpty() && !s.isGiven("seeds-file") && !s.isFaulty("seeds")) {
      s.refuse("seeds", "is required: a list of http or https URLs, here or in crawl.seeds-file");
    }
    return new CrawlSettings(
        name,
        dir,
        seeds,
        seedsFile,
        s.value("follow-links", either("true", "false"), "true"),
        s.required("user-agent", Texts.userAgent(), ""),
        s.value("max-pages", limit(MANY), "0"),
        unlessZero(s.value("max-time", duration("0s", "365d"), "0s")));
  }

  private static ScopeSettings scope(Section s) {
    return new ScopeSettings(
        s.list("domains", Hosts.domain()),
        s.value("follow-seed-redirects", either("true", "false"), "true"),
        s.list("include", Texts.regex()),
        s.list("exclude", Texts.regex()),
        s.value("max-depth", number(0, 10_000), "50"),
        s.value("max-pages-per-host", limit(MANY), "0"),
        s.value("max-url-length", number(64, 65_536), "2048"),
        traps(s),
        new ScopeSettings.PrefixBudget(
            s.value("max-pages-per-prefix", limit(1_000_000_000), "0"),
            s.value("prefix-segments", number(1, 20), "1")),
        s.list("strip-parameters", Texts.parameter(), STRIPPED.toArray(String[]::new)));
  }

  private static ScopeSettings.Traps traps(Section s) {
    return new ScopeSettings.Traps(
        s.value("max-path-segments", number(1, 1_000), "20"),
        s.value("max-repeated-segments", number(1, 1_000), "2"),
        s.value("max-query-parameters", number(0, 1_000), "20"));
  }

  private static PolitenessSettings politeness(Section s) {
    return new PolitenessSettings(
        s.value("delay", duration("0s", "24h"), "1s"),
        s.value("max-crawl-delay", duration("0s", "24h"), "30s"),
        s.value("connections-per-host", number(1, 64), "1"),
        s.value("robots", either("obey", "ignore"), "obey"),
        pace(s, "domain"),
        pace(s, "address"),
        s.value("delay-factor", number(0, 100), "0"),
        s.value("max-back-off", duration("0s", "24h"), "5m"),
        new PolitenessSettings.Patience(
            s.value("patience", duration("0s", "365d"), "15m"),
            s.value("first-patience", duration("0s", "365d"), "2m"),
            s.value("tail-patience", duration("0s", "365d"), "2m")));
  }

  /** Reads a pace. With a delay, 0 connections, the default, means one at a time. */
  private static PolitenessSettings.Pace pace(Section s, String of) {
    Duration delay = s.value(of + "-delay", duration("0s", "24h"), "0s");
    int connections = s.value("connections-per-" + of, unlimitedOr(64), "0");
    return new PolitenessSettings.Pace(
        delay, delay.isPositive() ? Math.max(1, connections) : connections);
  }

  private static List<HostRule> hosts(Section root) {
    String each =
        "a mapping of match and any of delay, connections, max-pages, max-depth, priority";
    return root.entries("hosts", each).stream().map(Schema::hostRule).toList();
  }

  private static HostRule hostRule(Section s) {
    return new HostRule(
        s.required("match", Hosts.pattern(), ""),
        s.optional("delay", duration("0s", "24h")),
        s.optional("connections", number(1, 64)),
        s.optional("max-pages", limit(MANY)),
        s.optional("max-depth", number(0, 10_000)),
        s.optional("priority", Texts.priority()));
  }

  private static RecrawlSettings recrawl(Section s) {
    RecrawlSettings recrawl =
        new RecrawlSettings(
            s.value("after", duration("0s", "365d"), "0s"),
            s.value("shortest", duration("1s", "365d"), "1h"),
            s.value("longest", duration("1s", "365d"), "90d"));
    if (recrawl.shortest().compareTo(recrawl.longest()) > 0) {
      s.refuse("shortest", "must not be longer than recrawl.longest");
    }
    return recrawl;
  }

  private static FetcherSettings fetcher(Section s) {
    int connections = s.value("connections", number(1, MAX_CONNECTIONS), "256");
    int troubled = Math.max(1, connections / TROUBLED_PART);
    return new FetcherSettings(
        connections,
        s.value("troubled-connections", autoOr(number(1, MAX_CONNECTIONS), troubled), "auto"),
        s.value("max-body", size("1 byte", "256 MiB"), "10 MiB"),
        s.value("body-memory", autoOr(size("1 MiB", "64 GiB"), 0L), "auto"),
        Math.toIntExact(s.value("max-header", size("1 KiB", "256 KiB"), "64 KiB")),
        s.value("max-redirects", number(0, 50), "10"),
        s.value("attempts", number(1, 20), "3"),
        s.value("retry-delay", duration("0s", "24h"), "30s"),
        s.value("keep-alive", duration("0s", "10m"), "15s"),
        s.value("verify-tls", either("true", "false"), "true"),
        s.value("heap", size("64 MiB", "64 GiB"), "384 MiB"),
        timeouts(s.section("timeouts")),
        addresses(s.section("addresses")),
        dns(s.section("dns")));
  }

  private static FetcherSettings.Timeouts timeouts(Section s) {
    return new FetcherSettings.Timeouts(
        s.value("dns", duration("10ms", "10m"), "5s"),
        s.value("connect", duration("10ms", "10m"), "10s"),
        s.value("tls", duration("10ms", "10m"), "10s"),
        s.value("first-byte", duration("10ms", "10m"), "20s"),
        s.value("first-visit", duration("10ms", "10m"), "10s"),
        s.value("idle", duration("10ms", "10m"), "20s"),
        s.value("total", duration("10ms", "24h"), "60s"));
  }

  private static FetcherSettings.Addresses addresses(Section s) {
    return new FetcherSettings.Addresses(
        s.list("allow", Hosts.range()), s.list("ports", number(1, MAX_PORT), "80", "443"));
  }

  private static FetcherSettings.Dns dns(Section s) {
    return new FetcherSettings.Dns(
        s.list("servers", Hosts.nameServer()),
        s.value("max-ttl", duration("0s", "7d"), "1h"),
        s.value("negative-ttl", duration("0s", "1h"), "60s"),
        s.value("look-ups", number(4, 1_000), "256"),
        s.value("hosts-file", either("true", "false"), "false"));
  }

  private static FrontierSettings frontier(Section s) {
    return new FrontierSettings(
        s.value("shards", number(1, 256), "4"),
        s.value("sync-interval", duration("1ms", "1m"), "100ms"),
        s.value("checkpoint-interval", duration("100ms", "24h"), "60s"),
        s.value("outstanding-pages", number(1, 1_000_000), "2048"),
        s.value("outstanding-bytes", size("1 MiB", "64 GiB"), "64 MiB"),
        s.value("lease-timeout", duration("1s", "24h"), "10m"),
        s.value("queue-memory", size("1 MiB", "64 GiB"), "64 MiB"),
        s.value("open-files", number(8, 4_096), "64"));
  }

  private static ParserSettings parser(
      Section s, int processors, Duration leaseTimeout, boolean obeyRobots) {
    int oneForSome = Math.max(1, processors / PROCESSORS_PER_PARSER);
    int processes = s.value("processes", autoOr(number(1, 256), oneForSome), "auto");
    int share = Math.max(1, processors / processes);
    ParserSettings parser =
        new ParserSettings(
            processes,
            s.value("threads", autoOr(number(1, 256), share), "auto"),
            s.value("heap", size("64 MiB", "64 GiB"), "512 MiB"),
            s.value("batch-pages", number(1, 1_000), "64"),
            s.value("batch-bytes", size("1 byte", "256 MiB"), "4 MiB"),
            s.value("batch-time", duration("1ms", "10s"), "100ms"),
            s.value("max-inflated", size("1 KiB", "1 GiB"), "20 MiB"),
            s.value("max-links", number(0, 100_000), "5000"),
            Math.toIntExact(s.value("max-text", size("0 bytes", "256 MiB"), "1 MiB")),
            s.value("page-timeout", duration("100ms", "10m"), "30s"),
            s.list("links", Texts.oneOf(FURTHER_LINKS)),
            s.list("follow", Texts.oneOf(ALL_LINKS), "a", "area"),
            s.list("fields", Texts.oneOf(FIELDS), "meta", "alternates"),
            robots(s.section("robots"), obeyRobots),
            s.value("max-refreshes", number(0, 100), "10"),
            s.optional("node", Texts.node()));
    if (parser.pageTimeout().compareTo(leaseTimeout) >= 0) {
      s.refuse("page-timeout", "must be shorter than frontier.lease-timeout");
    }
    return parser;
  }

  private static ParserSettings.Robots robots(Section s, boolean obey) {
    return new ParserSettings.Robots(
        s.value("nofollow", either("true", "false"), "true"),
        obeyed(s, "rel-nofollow", obey),
        obeyed(s, "noindex", obey),
        obeyed(s, "noarchive", obey),
        obeyed(s, "unavailable-after", obey));
  }

  private static boolean obeyed(Section s, String directive, boolean obey) {
    boolean obeyed = s.value(directive, either("true", "false"), "false");
    if (obeyed && !obey) {
      s.refuse(directive, "has no effect if politeness.robots is ignore; set that to obey");
    }
    return obeyed;
  }

  private static RedisSettings redis(Section s) {
    return new RedisSettings(
        s.value("uri", Hosts.redis(), RedisSettings.EMBEDDED),
        s.value("command-timeout", duration("100ms", "10m"), "10s"),
        pool(s.section("pool")));
  }

  private static RedisSettings.Pool pool(Section s) {
    return new RedisSettings.Pool(
        s.value("max", number(4, 1_000), "20"),
        s.value("acquire-timeout", duration("10ms", "10m"), "5s"));
  }

  private static OutputSettings output(Section s) {
    boolean jsonl = s.value("jsonl", either("true", "false"), "true");
    boolean warc = s.value("warc", either("true", "false"), "true");
    long rotateBytes = s.value("rotate-size", size("64 KiB", "64 GiB"), "256 MiB");
    Compression compression =
        s.value("compression", either("gzip", "zstd"), "gzip")
            ? Compression.GZIP
            : Compression.ZSTD;
    int level =
        s.value(
            "compression-level",
            autoOr(number(1, Compression.ZSTD.maxLevel()), compression.defaultLevel()),
            "auto");
    if (level > compression.maxLevel()) {
      s.refuse(
          "compression-level",
          "must be auto or 1 to %d with output.compression=%s; remove it to use %d"
              .formatted(compression.maxLevel(), compression.word(), compression.defaultLevel()));
    }
    if (!jsonl && !warc) {
      s.refuse(
          "jsonl", "keeps no pages, because output.warc is false too; set one of them to true");
    }
    return new OutputSettings(jsonl, warc, rotateBytes, compression, level);
  }

  private static ShutdownSettings shutdown(Section s) {
    return new ShutdownSettings(s.value("deadline", duration("100ms", "1h"), "20s"));
  }

  private static AdminSettings admin(Section s) {
    return new AdminSettings(
        s.value("bind", Hosts.listenAddress(), "127.0.0.1"),
        s.value("port", number(0, MAX_PORT), "8080"),
        s.list("hosts", Hosts.host()));
  }

  private static @Nullable Duration unlessZero(Duration duration) {
    return duration.isZero() ? null : duration;
  }
}
