package io.sluice.core.config;

import static io.sluice.core.config.ConfigFiles.MINIMAL;
import static io.sluice.core.config.ConfigFiles.problems;
import static io.sluice.core.config.ConfigFiles.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.LoadResult.Invalid;
import io.sluice.core.config.LoadResult.Loaded;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

  @TempDir private Path dir;

  @Test
  void valuesAreReadAsPeopleWriteThem() throws IOException {
    SluiceConfig config =
        valid(
            dir,
            """
            crawl:
              name: docs
              user-agent: "Sluice/1 (crawler@example.org)"
              seeds: ["HTTP://Portal.TEST:8081"]
              max-time: 2h
            scope:
              domains: [Example.ORG, "[::1]", "*"]
              include: ['^[^?#]*(\\.html|/)$']
            politeness: { delay: 0, robots: ignore }
            fetcher:
              max-body: 512
              max-header: 8KiB
              addresses: { allow: [127.0.0.1, 10.9.8.7/8, "fd00::1/7"], ports: [] }
              dns: { servers: ["127.0.0.1:5354", 9.9.9.9, "[::1]:53"] }
            redis: { uri: "redis-socket:///run/redis.sock" }
            parser: { follow: [a, link] }
            """);
    assertThat(config.crawl().dir()).isEqualTo(Path.of("./crawls/docs"));
    assertThat(config.crawl().seeds()).map(Seed::url).hasToString("[http://portal.test:8081/]");
    assertThat(config.crawl().maxTime()).isEqualTo(Duration.ofHours(2));
    assertThat(config.scope().domains()).containsExactly("example.org", "[::1]", "*");
    assertThat(config.scope().include())
        .map(Pattern::pattern)
        .containsExactly("^[^?#]*(\\.html|/)$");
    assertThat(config.politeness().delay()).isZero();
    assertThat(config.politeness().obeyRobots()).isFalse();
    assertThat(config.fetcher().maxBodyBytes()).isEqualTo(512);
    assertThat(config.fetcher().maxHeaderBytes()).isEqualTo(8192);
    assertThat(config.fetcher().addresses().allow())
        .containsExactly("127.0.0.1/32", "10.0.0.0/8", "fc00:0:0:0:0:0:0:0/7");
    assertThat(config.fetcher().addresses().ports()).isEmpty();
    assertThat(config.fetcher().dns().servers())
        .containsExactly(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5354),
            new InetSocketAddress(InetAddress.ofLiteral("9.9.9.9"), 53),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 53));
    assertThat(config.redis().embedded()).isFalse();
    assertThat(config.parser().follow()).containsExactly("a", "link");
  }

  @Test
  void everyProblemIsReportedAtOnceInTheOrderOfTheLines() throws IOException {
    assertThat(
            problems(
                dir,
                """
                crawl:
                  user-agent: Sluice
                  seeds:
                    - https://example.org/
                    - ftp://user:secret@example.org/
                scope: { include: ["(a"] }
                politeness:
                  delay: 1 second
                  robots: [obey]
                fetcher:
                  max-bdy: 1MiB
                  max-body: -1
                  max-body: 2MiB
                  delay: 1s
                  heap:
                fetchers: {}
                shutdown: 20s
                """))
        .containsExactly(
            "crawler.yaml:2: crawl.user-agent=Sluice: must be a product name, then +https://… or"
                + " an e-mail address for the sites' operators, in at most 256 ASCII characters",
            "crawler.yaml:5: crawl.seeds=ftp://***@example.org/: must be an absolute http or https"
                + " URL: "
                + Url.explain("ftp://user@example.org/"),
            "crawler.yaml:6: scope.include=(a: is not a regular expression: Unclosed group at"
                + " character 3",
            "crawler.yaml:8: politeness.delay=1 second: must be 0s to 24h, a whole number with a"
                + " unit of ms, s, m, h or d; remove it to use 1s",
            "crawler.yaml:9: politeness.robots: is a list, but must be obey or ignore",
            "crawler.yaml:11: fetcher.max-bdy: there is no such key; did you mean"
                + " fetcher.max-body?",
            "crawler.yaml:12: fetcher.max-body=-1: must be 1 byte to 256 MiB; remove it to use 10"
                + " MiB",
            "crawler.yaml:13: fetcher.max-body: was already given on line 12",
            "crawler.yaml:14: fetcher.delay: there is no such key; did you mean politeness.delay?",
            "crawler.yaml:15: fetcher.heap: has no value: must be 64 MiB to 64 GiB; remove it to"
                + " use 384 MiB",
            "crawler.yaml:16: fetchers: there is no such key; did you mean fetcher?",
            "crawler.yaml:17: shutdown: must be a mapping of keys to values");
  }

  @Test
  void aSeedWithAPasswordIsRefusedAndThePasswordIsNotTold() throws IOException {
    assertThat(
            problems(
                dir,
                """
                crawl:
                  user-agent: "Test/1.0 (+https://example.org/)"
                  seeds:
                    - https://me:secret@example.org/
                    - { url: "https://you:secret@example.org/" }
                """))
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .contains("https://***@example.org/: has a user name or password, which is")
                    .doesNotContain("secret"));
  }

  @Test
  void aSeedIsALineOrAMapping() throws IOException {
    SluiceConfig config =
        valid(
            dir,
            """
            crawl:
              user-agent: Sluice/1 (+https://example.org/)
              seeds:
                - https://a.test/
                - https://b.test/ priority=high tag=x
                - url: https://c.test/
                  priority: urgent
                  tag: news.2026
                - { url: "https://d.test/" }
            """);
    assertThat(config.crawl().seeds())
        .map(seed -> seed.url() + " " + seed.labels().priority() + " " + seed.labels().tag())
        .containsExactly(
            "https://a.test/ NORMAL null",
            "https://b.test/ HIGH x",
            "https://c.test/ URGENT news.2026",
            "https://d.test/ NORMAL null");
  }

  @Test
  void whatIsWrongWithASeedIsNamedWithItsLine() throws IOException {
    assertThat(
            problems(
                dir,
                """
                crawl:
                  user-agent: Sluice/1 (+https://example.org/)
                  seeds:
                    - priority: high
                    - url: nowhere
                    - url: https://a.test/
                      priority: soon
                    - url: https://a.test/
                      tga: x
                    - https://a.test/ priority=hihg
                    - [https://a.test/]
                """))
        .containsExactly(
            "crawler.yaml:4: crawl.seeds.url: is required: an absolute http or https URL",
            "crawler.yaml:5: crawl.seeds.url=nowhere: must be an absolute http or https URL: "
                + Url.explain("nowhere"),
            "crawler.yaml:7: crawl.seeds.priority=soon: must be one of urgent, high, normal, low;"
                + " remove it to use normal",
            "crawler.yaml:9: crawl.seeds.tga: there is no such key; did you mean crawl.seeds.tag?",
            "crawler.yaml:10: crawl.seeds=https://a.test/ priority=hihg: priority=hihg: must be one"
                + " of urgent, high, normal, low; did you mean high?",
            "crawler.yaml:11: crawl.seeds: is a list, but must be an absolute http or https URL, or"
                + " a mapping of url, priority and tag");
  }

  @Test
  void whatIsRequiredIsAskedFor() throws IOException {
    assertThat(problems(dir, "scope: {max-depth: 3}"))
        .containsExactly(
            "crawler.yaml: crawl.seeds: is required: a list of http or https URLs, here or in"
                + " crawl.seeds-file",
            "crawler.yaml: crawl.user-agent: is required: a product name, then +https://… or an"
                + " e-mail address for the sites' operators, in at most 256 ASCII characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fetcher: {max-body: 10MB}          | fetcher.max-body=10MB",
        "fetcher: {max-body: 300MiB}        | fetcher.max-body=300MiB",
        "fetcher: {max-body: 99999999999999999999B} | fetcher.max-body=99999999999999999999B",
        "fetcher: {max-header: 9000000000GiB} | fetcher.max-header=9000000000GiB",
        "fetcher: {connections: 1.5}        | fetcher.connections=1.5",
        "fetcher: {connections: {}}         | fetcher.connections: is a mapping",
        "fetcher: {verify-tls: yes}         | fetcher.verify-tls=yes",
        "fetcher: {timeouts: {idle: 20}}    | fetcher.timeouts.idle=20",
        "fetcher: {addresses: {allow: [10.0.0.0/33]}} | fetcher.addresses.allow=10.0.0.0/33",
        "fetcher: {addresses: {allow: [localhost]}}   | fetcher.addresses.allow=localhost",
        "fetcher: {addresses: {ports: 80}}  | fetcher.addresses.ports: must be a list; write ports:"
            + " [80], or remove it to use [80, 443]",
        "scope: {domains: example.org} | scope.domains: must be a list; write domains:"
            + " [\"example.org\"]",
        "scope: {include: ['*.html']} | scope.include=*.html: is not a regular expression: Dangling"
            + " meta character '*' at character 1; it looks like a glob",
        "output: {jsonl: false, warc: false} | output.jsonl=false: keeps no pages, because"
            + " output.warc",
        "fetcher: {dns: {servers: [ns.example]}} | fetcher.dns.servers=ns.example",
        "scope: {domains: ['*.example.org']} | scope.domains=*.example.org",
        "scope: {domains: ['example.org:80']} | scope.domains=example.org:80",
        "output: {compression: lz4}         | output.compression=lz4: must be gzip or zstd",
        "output: {compression-level: 10}    | output.compression-level=10: must be auto or 1 to 9",
        "output: {compression: zstd, compression-level: 20} | output.compression-level=20: must be",
        "output: {rotate-size: 17179869185GiB} | output.rotate-size=17179869185GiB",
        "fetcher: {dns: {serevrs: []}}      | fetcher.dns.serevrs: there is no such key",
        "fetcher: {timeouts: {ttoal: 1s}}   | fetcher.timeouts.ttoal: there is no such key; did you"
            + " mean fetcher.timeouts.total?",
        "redis: {uri: 'http://h'}           | redis.uri=http://h: must be embedded",
        "redis: {uri: 'redis://:a^b@h'}     | redis.uri=redis://***@h: is not a URI",
        "redis: {uri: 'redis:///1'}         | redis.uri=redis:///1: must name a host",
        "parser: {threads: many}            | parser.threads=many: must be auto or 1 to 256",
        "parser: {follow: [video]}          | parser.follow=video: must be one of a",
        "parser: {links: [a]}               | parser.links=a: must be one of img",
        "parser: {fields: [summary]}        | parser.fields=summary: must be one of meta",
        "parser: {robots: {noindex: yes}}   | parser.robots.noindex=yes: must be true or false",
        "parser: {page-timeout: 10m}        | parser.page-timeout=10m: must be shorter than",
        "admin: {port: 65536}               | admin.port=65536: must be 0 to 65,535",
        "admin: {bind: everywhere}          | admin.bind=everywhere: must be an IP address",
      })
  void aWrongValueIsNamedWithItsLine(String section, String message) throws IOException {
    assertThat(problems(dir, MINIMAL + section))
        .singleElement()
        .asString()
        .startsWith("crawler.yaml:4: " + message);
  }

  @Test
  void aDirectiveIsNotObeyedWhereRobotsAreIgnored() throws IOException {
    assertThat(
            problems(
                dir,
                MINIMAL
                    + "parser: {robots: {noindex: true, noarchive: false}}\n"
                    + "politeness: {robots: ignore}"))
        .containsExactly(
            "crawler.yaml:4: parser.robots.noindex=true: has no effect if politeness.robots is"
                + " ignore; set that to obey");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scope: {crawl: all}            | scope.crawl: there is no such key; did you mean crawl?",
        "scope: {fetcher: {}}           | scope.fetcher: there is no such key; did you mean"
            + " fetcher?",
        "parser: {count: 3}             | parser.count: there is no such key",
        "fetcher: {connect-timeout: 3s} | fetcher.connect-timeout: there is no such key",
      })
  void theNearestKeyIsNeverOneThatSharesOnlyTheSection(String section, String message)
      throws IOException {
    assertThat(problems(dir, MINIMAL + section)).containsExactly("crawler.yaml:4: " + message);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "4,1,4", "7,1,7", "8,2,4", "33,8,4"})
  void autoIsOneProcessForFourProcessors(int processors, int processes, int threads)
      throws IOException {
    Path file = Files.writeString(dir.resolve("c.yaml"), MINIMAL);
    assertThat(ConfigLoader.load(file, Map.of(), processors))
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded -> {
              assertThat(loaded.config().parser().processes()).isEqualTo(processes);
              assertThat(loaded.config().parser().threads()).isEqualTo(threads);
            });
  }

  @Test
  void autoThreadsShareTheProcessorsOfAGivenNumberOfProcesses() throws IOException {
    assertThat(valid(dir, MINIMAL + "parser: {processes: 16}").parser().threads()).isEqualTo(1);
    assertThat(valid(dir, MINIMAL + "parser: {processes: 3}").parser().threads()).isEqualTo(2);
  }

  @Test
  void variablesStandInForValues() throws IOException {
    String yaml =
        MINIMAL
            + """
              dir: './${A}$${B}$$'
            redis: { uri: "redis://:${PASSWORD}@${HOST:-localhost}:6379" }
            fetcher: { attempts: "${EMPTY:-5}" }
            """;
    Map<String, String> environment = Map.of("PASSWORD", "$1", "EMPTY", "", "A", "${B}");
    SluiceConfig config = valid(dir, yaml, environment);
    assertThat(config.redis().uri()).isEqualTo("redis://:$1@localhost:6379");
    assertThat(config.fetcher().attempts()).isEqualTo(5);
    assertThat(config.crawl().dir()).isEqualTo(Path.of("./${B}${B}$$"));
  }

  @Test
  void anUnsetVariableIsNamed() throws IOException {
    assertThat(problems(dir, MINIMAL + "output: {rotate-size: '${ROTATE}'}\nadmin: {port: '${1}'}"))
        .containsExactly(
            "crawler.yaml:4: output.rotate-size=${ROTATE}: the environment variable ROTATE is not"
                + " set; set it or write ${ROTATE:-default}; remove it to use 256 MiB",
            "crawler.yaml:5: admin.port=${1}: has a ${ that is neither ${NAME} nor"
                + " ${NAME:-default}; write $${ for a literal ${; remove it to use 8080");
  }

  @Test
  void theEnvironmentTakesThePlaceOfTheFile() throws IOException {
    SluiceConfig config =
        valid(
            dir,
            MINIMAL + "admin: {bind: nonsense}",
            Map.of(
                "SLUICE_REDIS_URI", "redis://redis:6379",
                "SLUICE_ADMIN_BIND", "0.0.0.0",
                "SLUICE_CRAWL_MAX_PAGES", "7",
                "SLUICE_FETCHER_DNS_MAX_TTL", "2h",
                "SLUICE_CRAWL_NAME", "",
                "SLUICE_HOME", "/opt/sluice"));
    assertThat(config.redis().uri()).isEqualTo("redis://redis:6379");
    assertThat(config.admin().bind()).isEqualTo("0.0.0.0");
    assertThat(config.crawl().maxPages()).isEqualTo(7);
    assertThat(config.fetcher().dns().maxTtl()).isEqualTo(Duration.ofHours(2));
    assertThat(config.crawl().name()).isEqualTo("crawl");
  }

  @Test
  void aProblemOfTheEnvironmentNamesItsVariable() throws IOException {
    assertThat(
            problems(
                dir,
                MINIMAL + "output: {warc: maybe}",
                Map.of(
                    "SLUICE_REDIS_URI", "rediss://u:pass/@word@",
                    "SLUICE_CRAWL_SEEDS", "https://example.org/")))
        .containsExactly(
            "crawler.yaml:4: output.warc=maybe: must be true or false; remove it to use true",
            "SLUICE_CRAWL_SEEDS: crawl.seeds: is a list, which can be set in the file only",
            "SLUICE_REDIS_URI: redis.uri=rediss://***@: must name a host, as in redis://host:6379;"
                + " unset it to use what the file says");
  }

  @Test
  void aListThatIsRequiredIsNotAdvisedToBeRemoved() throws IOException {
    assertThat(
            problems(
                dir, "crawl: {seeds: 'https://example.org/', user-agent: 'S/1 (+https://e.org/)'}"))
        .containsExactly(
            "crawler.yaml:1: crawl.seeds: must be a list; write seeds: [\"https://example.org/\"]");
  }

  @Test
  void variablesThatMeanNothingAreNamedWithTheNearestThatDo() {
    assertThat(
            ConfigLoader.strays(
                    Map.of(
                        "SLUICE_CRAWL_MAXPAGES", "7",
                        "SLUICE_CRAWL_MAX_PAGES", "7",
                        "SLUICE_WHATEVER", "x",
                        "SLUICE_CONFIG", "of docker-compose.yml's .env",
                        "SLUICE_JAVA_OPTS", "-Xmx1g",
                        "SLUICE_CRAWL_SEEDS", "a list: the loader says so",
                        "SLUICE_SERVICE_HOST", "10.0.0.1",
                        "SLUICE_PORT", "tcp://10.0.0.1:8080",
                        "SLUICE_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "PATH", "/bin"))
                .stream()
                .map(Problem::toString))
        .containsExactly(
            "SLUICE_CRAWL_MAXPAGES: is not a variable that Sluice reads; unset it; did you mean"
                + " SLUICE_CRAWL_MAX_PAGES?",
            "SLUICE_WHATEVER: is not a variable that Sluice reads; unset it");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "*.html, true",
        "https://example.org/docs/*, true",
        "https://example.org/*.html, true",
        "docs/**/index, true",
        "archive*.zip, true",
        "/docs/.*, false",
        "\\.(pdf|zip)$, false",
        "/a/[0-9]*\\.html, false",
        "//*, true",
        "https?://[^/]*/x, false"
      })
  void globsAreToldFromRegularExpressions(String pattern, boolean glob) {
    assertThat(Globs.looksLike(pattern)).isEqualTo(glob);
  }

  @Test
  void aLongSentenceIsCutBetweenTwoWords() {
    String text = "several words ".repeat(40).strip();
    assertThat(Echo.sentence(text)).endsWith("words…").hasSizeLessThan(250);
    assertThat(Echo.sentence("short")).isEqualTo("short");
  }

  @Test
  void seedsMayComeFromAFileThatExists() throws IOException {
    Path seeds = Files.writeString(dir.resolve("seeds.txt"), "https://example.org/\n");
    String yaml = "crawl: {user-agent: 'S (+https://e.org/)', seeds-file: '%s'}";
    assertThat(valid(dir, yaml.formatted(seeds)).crawl().seedsFile()).isEqualTo(seeds);
    assertThat(problems(dir, yaml.formatted(dir.resolve("none.txt"))))
        .containsExactly("crawler.yaml:1: crawl.seeds-file=none.txt: there is no such file");
    assertThat(problems(dir, yaml.formatted(dir)))
        .singleElement()
        .asString()
        .endsWith("is a directory, but must be a file");
  }

  @Test
  void badSeedsAreNotAlsoCalledMissing() throws IOException {
    String yaml = "crawl: {user-agent: 'S (+https://e.org/)', seeds: [nowhere]}";
    assertThat(problems(dir, yaml)).singleElement().asString().contains("crawl.seeds=nowhere");
    assertThat(problems(dir, yaml.replace("nowhere", "")))
        .singleElement()
        .asString()
        .startsWith("crawler.yaml:1: crawl.seeds: is required");
  }

  @Test
  void settingsDoNotShowThePassword() throws IOException {
    SluiceConfig config = valid(dir, MINIMAL + "redis: {uri: 'redis://u:secret@host:1'}");
    assertThat(config.toString()).doesNotContain("secret").contains("uri=redis://***@host:1");
    assertThat(config.redis().uri()).isEqualTo("redis://u:secret@host:1");
  }

  @Test
  void whatIsShownIsBoundedAndOnOneLine() throws IOException {
    String value = "\\e[31m\\r\\n\\u0085\\u2028" + "x".repeat(10_000);
    String problem = problems(dir, MINIMAL + "admin: {bind: \"" + value + "\"}").getFirst();
    assertThat(problem)
        .contains("admin.bind=\\u001b[31m\\u000d\\u000a\\u0085\\u2028xxx")
        .hasSizeLessThan(250);
    String key = problems(dir, MINIMAL + "x".repeat(900) + ": 1").getFirst();
    assertThat(key).hasSizeLessThan(150);
  }

  @Test
  void aThousandProblemsAreToldInTwoHundredLines() throws IOException {
    String yaml = MINIMAL + "fetcher: {addresses: {ports: [" + "0,".repeat(1000) + "]}}";
    assertThat(problems(dir, yaml)).hasSize(201).last().asString().endsWith("800 further problems");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | crawler.yaml: is empty",
        "'# nothing'                 | crawler.yaml: is empty",
        "'crawl: [a'                 | crawler.yaml:1: is not valid YAML: ",
        "'a: b: c'                   | crawler.yaml:1: is not valid YAML: mapping values are not",
        "'a: &x [1]~b: *x'           | crawler.yaml:2: is not valid YAML: aliases are not"
            + " supported",
        "'a: 1~---~b: 1'             | crawler.yaml:2: is not valid YAML: but found another"
            + " document",
        "'a: \u0007'                 | crawler.yaml: is not valid YAML: ",
      })
  void whatIsNotYamlIsRefusedWithItsLine(String yaml, String message) throws IOException {
    assertThat(problems(dir, yaml.replace('~', '\n')))
        .singleElement()
        .asString()
        .startsWith(message);
  }

  @Test
  void deepNestingIsRefusedBeforeItCostsTheStack() throws IOException {
    assertThat(problems(dir, "a: " + "[".repeat(100_000)))
        .containsExactly("crawler.yaml:1: is not valid YAML: nested more than 16 levels deep");
  }

  @Test
  void aRootThatIsNoMappingIsRefused() throws IOException {
    assertThat(problems(dir, "- a"))
        .containsExactly("crawler.yaml: is not a mapping of sections, such as crawl: and scope:");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path latin1 = Files.write(dir.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
    assertThat(ConfigLoader.load(latin1, Map.of(), 1))
        .isEqualTo(new Invalid(List.of(Problem.ofFile(latin1.toString(), "is not UTF-8 text"))));
    Path none = dir.resolve("none.yaml");
    assertThat(ConfigLoader.load(none, Map.of(), 1))
        .isEqualTo(new Invalid(List.of(Problem.ofFile(none.toString(), "there is no such file"))));
    assertThat(ConfigLoader.load(dir, Map.of(), 1)).isInstanceOf(Invalid.class);
  }

  @Test
  void aFileThatIsTooLargeIsRefusedUnparsed() throws IOException {
    Path large = Files.writeString(dir.resolve("large.yaml"), "#".repeat((16 << 20) + 1));
    assertThat(ConfigLoader.load(large, Map.of(), 1))
        .hasToString(
            "Invalid[problems=["
                + large
                + ": is larger than 16 MiB; move the seeds to the file crawl.seeds-file]]");
  }
}
