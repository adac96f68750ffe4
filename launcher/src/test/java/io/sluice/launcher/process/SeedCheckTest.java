package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each seed is judged before the crawl begins, and each problem is one line. */
class SeedCheckTest {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "http://localhost:8000/",
        "http://192.168.1.1/",
        "https://example.org:8443/docs"
      })
  void whatASeedNamesIsAllowed(String seed) throws IOException {
    SeedCheck.Verdict verdict = verdict("", seed);
    assertThat(verdict.problems()).isEmpty();
    assertThat(verdict.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://b.test/ | http://b.test/: b.test is in none of scope.domains; add it there",
        "http://a.test/private/x | matches /private of scope.exclude; fix that pattern",
        "http://a.test/a/a/a/a/a | is refused as repeated-segments by scope.max-repeated-segments"
      })
  void whatTheScopeRefusesNamesTheKey(String seed, String line) throws IOException {
    assertThat(verdict("scope: { domains: [a.test], exclude: [/private] }\n", seed).problems())
        .singleElement()
        .asString()
        .startsWith("crawl.seeds[0]=")
        .contains(line.strip());
  }

  @Test
  void aSeedThatNoPatternIncludesIsNamed() throws IOException {
    assertThat(verdict("scope: { include: [/docs/] }\n", "http://a.test/").problems())
        .singleElement()
        .asString()
        .contains("crawl.seeds[0]=http://a.test/: matches no pattern of scope.include");
  }

  @Test
  void allAreJudgedAtOnce() throws IOException {
    SeedCheck.Verdict verdict =
        verdict(
            "scope: { domains: [a.test] }\n",
            "http://a.test/",
            "http://b.test/",
            "http://c.test/",
            "http://a.test/");
    assertThat(verdict.problems())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("crawl.seeds[1]=http://b.test/: "),
            line -> assertThat(line).startsWith("crawl.seeds[2]=http://c.test/: "));
    assertThat(verdict.notes())
        .containsExactly("crawl.seeds[3]=http://a.test/: is the same as crawl.seeds[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://wiki/", "http://wiki.corp/", "http://nas.local/"})
  void aNameOfALocalNetworkIsNoted(String seed) throws IOException {
    assertThat(verdict("", seed).notes())
        .singleElement()
        .asString()
        .contains(seed, "fetcher.addresses.allow");
    String allowed = "fetcher: { addresses: { allow: [10.0.0.0/8] } }\n";
    assertThat(verdict(allowed, seed).notes()).isEmpty();
  }

  @Test
  void aPatternThatLooksLikeAGlobIsNoted() throws IOException {
    assertThat(verdict("scope: { include: [\"http://a.test/*\"] }\n", "http://a.test/").notes())
        .singleElement()
        .asString()
        .startsWith("scope.include=http://a.test/*: it looks like a glob");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://a.test:8000/ | port 8000 is not in fetcher.addresses.ports; add it, or name",
        "http://127.0.0.1/ | 127.0.0.1 is a special address; add it to fetcher.addresses.allow",
        "http://[fe80::1]/ | [fe80::1] is a special address",
        "http://localhost/ | localhost is a special address"
      })
  void aLineOfTheFileGrantsNothing(String line, String refused) throws IOException {
    SeedCheck check = new SeedCheck(config("", "http://seed.test/"));
    assertThat(check.refusalInFile(url(line.strip()))).contains(refused.strip());
    assertThat(new SeedCheck(config("", line.strip())).refusalInFile(url(line.strip())))
        .as("named in crawl.seeds")
        .isNull();
    assertThat(check.refusalInFile(url("http://other.test/"))).isNull();
  }

  @Test
  void aCrawlWhoseSeedsAreAllRefusedDoesNotStartUnlessThereIsMoreToDo() throws Exception {
    SluiceConfig config =
        config("scope: { domains: [a.test] }\n", "http://b.test/", "http://c.test/");
    assertThatThrownBy(() -> SeedCheck.atStart(config, _ -> {}))
        .isInstanceOfSatisfying(CannotStart.class, cannot -> assertThat(cannot.lines()).hasSize(2));

    Files.createDirectories(dir.resolve("crawl/frontier"));
    List<String> told = new ArrayList<>();
    SeedCheck.atStart(config, told::add);
    assertThat(told).hasSize(2);
  }

  private SeedCheck.Verdict verdict(String more, String... seeds) throws IOException {
    return new SeedCheck(config(more, seeds)).configured();
  }

  private SluiceConfig config(String more, String... seeds) throws IOException {
    String list = Stream.of(seeds).collect(Collectors.joining("\", \"", "\"", "\""));
    Path file =
        Files.writeString(
            dir.resolve("crawl.yaml"),
            """
            crawl:
              dir: %s/crawl
              seeds: [%s]
              user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
            """
                    .formatted(dir, list)
                + more);
    if (ConfigLoader.load(file, Map.of(), 1) instanceof LoadResult.Loaded(SluiceConfig config)) {
      return config;
    }
    throw new AssertionError(ConfigLoader.load(file, Map.of(), 1));
  }

  private static Url url(String text) {
    return Objects.requireNonNull(Url.parse(text), text);
  }
}
