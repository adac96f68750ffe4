package io.sluice.core.config;

import static io.sluice.core.config.ConfigFiles.MINIMAL;
import static io.sluice.core.config.ConfigFiles.problems;
import static io.sluice.core.config.ConfigFiles.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRulesTest {

  @TempDir private Path dir;

  @Test
  void eachSettingIsThatOfTheLastRuleThatMatchesAndSetsItOrElseTheCrawls() throws IOException {
    HostRules rules =
        rules(
            """
            scope: { max-depth: 7 }
            politeness: { delay: 2s }
            hosts:
              - { match: "*.org", max-depth: 1, connections: 2 }
              - { match: "*.Example.ORG", delay: 5s, max-pages: 10, priority: low }
              - { match: a.example.org, connections: 3, delay: 9s }
              - { match: "*.example.org", max-pages: 11 }
            """);
    assertThat(rules.settingsOf("a.example.org"))
        .isEqualTo(new HostSettings(Duration.ofSeconds(9), 3, 11, 1, Priority.LOW));
    assertThat(rules.settingsOf("b.a.example.org"))
        .as("a rule without *. matches one host")
        .isEqualTo(new HostSettings(Duration.ofSeconds(5), 2, 11, 1, Priority.LOW));
    assertThat(rules.settingsOf("other.org"))
        .isEqualTo(new HostSettings(Duration.ofSeconds(2), 2, 0, 1, null));
    assertThat(rules.settingsOf("example.net"))
        .isEqualTo(new HostSettings(Duration.ofSeconds(2), 1, 0, 7, null));
    assertThat(rules.mostConnections()).isEqualTo(3);
  }

  @Test
  void aSettingThatALaterRuleAlwaysReplacesIsNamed() throws IOException {
    SluiceConfig config =
        valid(
            dir,
            MINIMAL
                + """
                hosts:
                  - { match: a.example.org, delay: 1s, max-depth: 3 }
                  - { match: "*.b.example.org", delay: 2s }
                  - { match: "*.example.org", delay: 5s }
                  - { match: a.example.org, connections: 2 }
                  - { match: "*.example.net", delay: 5s }
                  - { match: notexample.net, delay: 5s }
                  - { match: a.example.net, delay: 6s }
                """);
    assertThat(Overruled.lines(config.hosts()))
        .containsExactly(
            "hosts[0].delay (a.example.org) has no effect: hosts[2] (*.example.org) sets it later"
                + " for the same hosts",
            "hosts[1].delay (*.b.example.org) has no effect: hosts[2] (*.example.org) sets it later"
                + " for the same hosts");
  }

  @Test
  void aDomainIsMatchedAtItsDotsOnlyAndAHostAsAWhole() throws IOException {
    HostRules rules =
        rules(
            """
            hosts:
              - { match: "*.example.org", max-pages: 1 }
              - { match: example.net, max-pages: 2 }
            """);
    assertThat(rules.settingsOf("example.org").maxPages()).isEqualTo(1);
    assertThat(rules.settingsOf("x.y.example.org").maxPages()).isEqualTo(1);
    assertThat(rules.settingsOf("notexample.org").maxPages()).isZero();
    assertThat(rules.settingsOf("example.net").maxPages()).isEqualTo(2);
    assertThat(rules.settingsOf("www.example.net").maxPages()).isZero();
  }

  @Test
  void allHostsOfARuleShareItsSettings() throws IOException {
    HostRules rules = rules("hosts: [{ match: '*.example.org', delay: 0 }]");
    assertThat(rules.settingsOf("a.example.org")).isSameAs(rules.settingsOf("b.example.org"));
    assertThat(rules.settingsOf("a.test")).isSameAs(rules.settingsOf("b.test"));
  }

  @Test
  void everyMistakeInARuleIsNamedWithItsPlace() throws IOException {
    assertThat(
            problems(
                dir,
                MINIMAL
                    + """
                    hosts:
                      - { delay: soon }
                      - { match: "http://a.test/", dleay: 1s }
                      - a.test
                      - { match: a.test, priority: top, connections: 0 }
                    """))
        .containsExactly(
            "crawler.yaml:5: hosts[0].delay=soon: must be 0s to 24h, a whole number with a unit of"
                + " ms, s, m, h or d",
            "crawler.yaml:5: hosts[0].match: is required: a host such as example.org, or"
                + " *.example.org for it and all hosts below it",
            "crawler.yaml:6: hosts[1].dleay: there is no such key; did you mean hosts[1].delay?",
            "crawler.yaml:6: hosts[1].match=http://a.test/: must be a host such as example.org, or"
                + " *.example.org for it and all hosts below it",
            "crawler.yaml:7: hosts[2]: must be a mapping of keys to values",
            "crawler.yaml:7: hosts[2].match: is required: a host such as example.org, or"
                + " *.example.org for it and all hosts below it",
            "crawler.yaml:8: hosts[3].connections=0: must be 1 to 64",
            "crawler.yaml:8: hosts[3].priority=top: must be one of urgent, high, normal, low");
    assertThat(problems(dir, MINIMAL + "hosts: a.test"))
        .containsExactly(
            "crawler.yaml:4: hosts: must be a list; write a hyphen before each of"
                + " its mappings");
  }

  @Test
  void aDelayOfADomainOrAnAddressMeansOneVisitAtATimeUnlessMoreAreAllowed() throws IOException {
    PolitenessSettings given =
        valid(
                dir,
                MINIMAL
                    + """
                    politeness:
                      domain-delay: 1s
                      address-delay: 2s
                      connections-per-address: 4
                    """)
            .politeness();
    assertThat(given.domain()).isEqualTo(new PolitenessSettings.Pace(Duration.ofSeconds(1), 1));
    assertThat(given.address()).isEqualTo(new PolitenessSettings.Pace(Duration.ofSeconds(2), 4));
    assertThat(PolitenessSettings.Pace.FREE.limits()).isFalse();
  }

  private HostRules rules(String yaml) throws IOException {
    return HostRules.of(valid(dir, MINIMAL + yaml));
  }
}
