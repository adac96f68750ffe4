package io.sluice.core.config;

import static io.sluice.core.config.ConfigFiles.MINIMAL;
import static io.sluice.core.config.ConfigFiles.PROCESSORS;
import static io.sluice.core.config.ConfigFiles.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.LoadResult.Loaded;
import io.sluice.core.members.Compression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDefaultsTest {

  private static final String PINNED =
      """
      crawl.name=crawl
      crawl.dir=./crawls/crawl
      crawl.seeds=[]
      crawl.seeds-file=
      crawl.follow-links=true
      crawl.user-agent=
      crawl.max-pages=0
      crawl.max-time=0s
      scope.domains=[]
      scope.follow-seed-redirects=true
      scope.include=[]
      scope.exclude=[]
      scope.max-depth=50
      scope.max-pages-per-host=0
      scope.max-url-length=2048
      scope.max-path-segments=20
      scope.max-repeated-segments=2
      scope.max-query-parameters=20
      scope.max-pages-per-prefix=0
      scope.prefix-segments=1
      scope.strip-parameters=[jsessionid, phpsessid, aspsessionid*, cfid, cftoken, oscsid, zenid, \
      sid:32, utm_*, gclid, fbclid, msclkid]
      politeness.delay=1s
      politeness.max-crawl-delay=30s
      politeness.connections-per-host=1
      politeness.robots=obey
      politeness.domain-delay=0s
      politeness.connections-per-domain=0
      politeness.address-delay=0s
      politeness.connections-per-address=0
      politeness.delay-factor=0
      politeness.max-back-off=5m
      politeness.patience=15m
      politeness.first-patience=2m
      politeness.tail-patience=2m
      hosts=[]
      recrawl.after=0s
      recrawl.shortest=1h
      recrawl.longest=90d
      fetcher.connections=256
      fetcher.troubled-connections=auto
      fetcher.max-body=10 MiB
      fetcher.body-memory=auto
      fetcher.max-header=64 KiB
      fetcher.max-redirects=10
      fetcher.attempts=3
      fetcher.retry-delay=30s
      fetcher.keep-alive=15s
      fetcher.verify-tls=true
      fetcher.heap=384 MiB
      fetcher.timeouts.dns=5s
      fetcher.timeouts.connect=10s
      fetcher.timeouts.tls=10s
      fetcher.timeouts.first-byte=20s
      fetcher.timeouts.first-visit=10s
      fetcher.timeouts.idle=20s
      fetcher.timeouts.total=60s
      fetcher.addresses.allow=[]
      fetcher.addresses.ports=[80, 443]
      fetcher.dns.servers=[]
      fetcher.dns.max-ttl=1h
      fetcher.dns.negative-ttl=60s
      fetcher.dns.look-ups=256
      fetcher.dns.hosts-file=false
      frontier.shards=4
      frontier.sync-interval=100ms
      frontier.checkpoint-interval=60s
      frontier.outstanding-pages=2048
      frontier.outstanding-bytes=64 MiB
      frontier.lease-timeout=10m
      frontier.queue-memory=64 MiB
      frontier.open-files=64
      parser.processes=auto
      parser.threads=auto
      parser.heap=512 MiB
      parser.batch-pages=64
      parser.batch-bytes=4 MiB
      parser.batch-time=100ms
      parser.max-inflated=20 MiB
      parser.max-links=5000
      parser.max-text=1 MiB
      parser.page-timeout=30s
      parser.links=[]
      parser.follow=[a, area]
      parser.fields=[meta, alternates]
      parser.robots.nofollow=true
      parser.robots.rel-nofollow=false
      parser.robots.noindex=false
      parser.robots.noarchive=false
      parser.robots.unavailable-after=false
      parser.max-refreshes=10
      parser.node=
      extract=[]
      redis.uri=embedded
      redis.command-timeout=10s
      redis.pool.max=20
      redis.pool.acquire-timeout=5s
      output.jsonl=true
      output.warc=true
      output.rotate-size=256 MiB
      output.compression=gzip
      output.compression-level=auto
      shutdown.deadline=20s
      admin.bind=127.0.0.1
      admin.port=8080
      admin.hosts=[]
      """;

  private static final Path SHIPPED =
      Path.of(System.getProperty("sluice.root", ".."), "config", "crawler.yaml");

  @TempDir private Path dir;

  @Test
  void everyDefaultIsPinned() {
    assertThat(ConfigLoader.keys().stream().map(key -> key.path() + "=" + key.fallback()))
        .containsExactlyElementsOf(PINNED.lines().toList());
  }

  @Test
  void aMinimalFileLoadsWithTheDefaults() throws IOException {
    SluiceConfig config = valid(dir, MINIMAL);
    assertThat(config.crawl().maxTime()).isNull();
    assertThat(config.crawl().seedsFile()).isNull();
    assertThat(config.crawl().dir()).isEqualTo(Path.of("./crawls/crawl"));
    assertThat(config.scope())
        .isEqualTo(
            new ScopeSettings(
                List.of(),
                true,
                List.of(),
                List.of(),
                50,
                0,
                2048,
                new ScopeSettings.Traps(20, 2, 20),
                new ScopeSettings.PrefixBudget(0, 1),
                config.scope().stripParameters())); // pinned above
    assertThat(config.politeness())
        .isEqualTo(
            new PolitenessSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                1,
                true,
                PolitenessSettings.Pace.FREE,
                PolitenessSettings.Pace.FREE,
                0,
                Duration.ofMinutes(5),
                new PolitenessSettings.Patience(
                    Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(2))));
    assertThat(config.hosts()).isEmpty();
    assertThat(config.recrawl()).isEqualTo(RecrawlSettings.NEVER);
    assertThat(config.fetcher().maxBodyBytes()).isEqualTo(10 << 20);
    assertThat(config.fetcher().timeouts().firstByte()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.fetcher().timeouts().firstVisit()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.fetcher().troubledConnections()).isEqualTo(32);
    assertThat(config.redis().embedded()).isTrue();
    assertThat(config.output())
        .isEqualTo(new OutputSettings(true, true, 256 << 20, Compression.GZIP, 2));
  }

  @Test
  void theShippedFileIsValidAndShowsTheDefaults() throws IOException {
    assertThat(ConfigLoader.load(SHIPPED, Map.of(), PROCESSORS))
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded -> {
              SluiceConfig shipped = loaded.config();
              SluiceConfig defaults = minimal();
              assertThat(shipped)
                  .usingRecursiveComparison()
                  .ignoringFields("crawl")
                  .isEqualTo(defaults);
              assertThat(shipped.crawl().maxPages()).isEqualTo(defaults.crawl().maxPages());
              assertThat(shipped.crawl().maxTime()).isNull();
            });
  }

  @Test
  void theShippedFileDocumentsEveryKeyAndItsBounds() throws IOException {
    Map<String, String> documented = documentation(Files.readString(SHIPPED));
    assertThat(documented.keySet())
        .containsExactlyElementsOf(ConfigLoader.keys().stream().map(Key::path).toList());
    for (Key key : ConfigLoader.keys()) {
      assertThat(documented.get(key.path()))
          .as("what crawler.yaml says of %s", key.path())
          .contains("[" + key.allowed() + "]");
    }
  }

  @Test
  void noTwoKeysShareAVariable() {
    assertThat(ConfigLoader.keys().stream().map(Key::variable)).doesNotHaveDuplicates();
  }

  private SluiceConfig minimal() {
    try {
      return valid(dir, MINIMAL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The lines about each key, by its full name: from the comments that stand alone above it, or
   * else from its own line, to the next key; line breaks and comment signs become spaces.
   */
  private static Map<String, String> documentation(String yaml) {
    Map<String, String> documented = new LinkedHashMap<>();
    String[] sections = new String[4];
    String above = "";
    String current = "";
    for (String line : yaml.lines().toList()) {
      String bare = line.replaceFirst("# (?=(seeds-file|node):)", "");
      String prose = bare.replace('#', ' ').strip().replaceAll(" +", " ");
      if (!bare.matches(" *[a-z-]+:( .*)?")) {
        above = bare.startsWith("  #") ? above + " " + prose : "";
        documented.computeIfPresent(current, (key, text) -> text + " " + prose);
        continue;
      }
      int depth = bare.indexOf(bare.strip()) / 2;
      sections[depth] = bare.strip().replaceFirst(":.*", "");
      String path = String.join(".", Arrays.copyOf(sections, depth + 1));
      boolean section = bare.matches(" *[a-z-]+: *(#.*)?") && !prose.contains("[");
      if (!section) {
        current = path;
        documented.put(path, above + " " + prose);
      }
      above = "";
    }
    return documented;
  }
}
