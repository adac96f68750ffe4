package io.sluice.frontier.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.HostRule;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Url;
import io.sluice.frontier.TestConfig;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static final List<Pattern> NONE = List.of();

  @Test
  void aDomainCoversTheHostsBelowItAndNoOthers() {
    Scope scope = scope(List.of("example.org"), NONE, NONE);
    assertThat(decide(scope, "http://example.org/")).isNull();
    assertThat(decide(scope, "http://a.b.example.org:8080/x")).isNull();
    assertThat(decide(scope, "http://notexample.org/")).isEqualTo(Refusal.OUT_OF_DOMAIN);
    assertThat(decide(scope, "http://org/")).isEqualTo(Refusal.OUT_OF_DOMAIN);
  }

  @Test
  void withoutDomainsThoseOfTheSeedsCount() {
    Scope scope = scope(List.of(), NONE, NONE);
    assertThat(decide(scope, "http://docs.example.org/")).isEqualTo(Refusal.OUT_OF_DOMAIN);
    scope.admit(Offer.seed(TestConfig.url("http://www.example.org/")));
    assertThat(decide(scope, "http://docs.example.org/")).isNull();
  }

  @Test
  void aSeedDoesNotWidenDomainsThatTheSettingsName() {
    Scope scope = scope(List.of("example.org"), NONE, NONE);
    scope.admit(Offer.seed(TestConfig.url("http://other.net/")));
    assertThat(decide(scope, "http://other.net/")).isEqualTo(Refusal.OUT_OF_DOMAIN);
  }

  @Test
  void theDotThatMayEndAHostsNameIsTakenAwayEvenFromARedirectsTarget() {
    Scope scope = scope(List.of("*"), NONE, NONE);
    Url dotted = TestConfig.url("http://a.test./x");
    assertThat(scope.stripped(Offer.seed(dotted)).url().href()).isEqualTo("http://a.test/x");
    Offer back = new Offer(dotted, 1, null, List.of("http://a.test/x"));
    assertThat(scope.stripped(back).url().href()).isEqualTo("http://a.test/x");
  }

  @Test
  void theStarCoversEveryHost() {
    assertThat(decide(scope(List.of("*"), NONE, NONE), "http://192.0.2.1/")).isNull();
  }

  @Test
  void anIncludeMustBeFoundAndAnExcludeMustNot() {
    Scope scope =
        scope(
            List.of("*"), List.of(Pattern.compile("/docs/")), List.of(Pattern.compile("\\.pdf$")));
    assertThat(decide(scope, "http://a.test/docs/x")).isNull();
    assertThat(decide(scope, "http://a.test/blog/x")).isEqualTo(Refusal.NOT_INCLUDED);
    assertThat(decide(scope, "http://a.test/docs/x.pdf")).isEqualTo(Refusal.EXCLUDED);
  }

  @Test
  void depthLengthCredentialsAndBudgetAreBounds() {
    Scope scope = scope(List.of("*"), NONE, NONE);
    assertThat(scope.decide(TestConfig.url("http://a.test/"), 3, null)).isNull();
    assertThat(scope.decide(TestConfig.url("http://a.test/"), 4, null)).isEqualTo(Refusal.TOO_DEEP);
    assertThat(decide(scope, "http://a.test/" + "x".repeat(100))).isEqualTo(Refusal.TOO_LONG);
    assertThat(decide(scope, "http://u:p@a.test/")).isEqualTo(Refusal.CREDENTIALS);
    assertThat(scope.budgetSpent("a.test", 9)).isFalse();
    assertThat(scope.budgetSpent("a.test", 10)).isTrue();
  }

  @Test
  void withoutFollowingLinksOnlySeedsAndTheirRedirectsBelongToTheCrawl() {
    Scope scope = scope(List.of("*"), NONE, NONE, false);
    assertThat(decide(scope, "http://a.test/")).isNull();
    assertThat(scope.decide(TestConfig.url("http://a.test/x"), 1, null))
        .isEqualTo(Refusal.LINKS_NOT_FOLLOWED);
  }

  @Test
  void aTrapIsRefusedWhereItsHostBelongsToTheCrawl() {
    Scope scope = scope(List.of("a.test"), NONE, NONE);
    assertThat(decide(scope, "http://a.test/x/x/x")).isEqualTo(Refusal.REPEATED_SEGMENTS);
    assertThat(decide(scope, "http://b.test/x/x/x")).isEqualTo(Refusal.OUT_OF_DOMAIN);
  }

  private static Scope scope(List<String> domains, List<Pattern> include, List<Pattern> exclude) {
    return scope(domains, include, exclude, true);
  }

  private static Scope scope(
      List<String> domains, List<Pattern> include, List<Pattern> exclude, boolean followLinks) {
    TestConfig config = new TestConfig();
    config.domains = domains;
    config.include = include;
    config.exclude = exclude;
    config.maxDepth = 3;
    config.maxPagesPerHost = 10;
    config.maxUrlLength = 100;
    config.followLinks = followLinks;
    return new Scope(config.build());
  }

  private static @Nullable Refusal decide(Scope scope, String href) {
    return scope.decide(TestConfig.url(href), 0, null);
  }

  @Test
  void aHostsOwnRulesComeBeforeThoseOfTheCrawl() {
    TestConfig config = new TestConfig();
    config.maxDepth = 3;
    config.hosts = List.of(new HostRule("*.wide.test", null, null, 5L, 7, Priority.LOW));
    Scope scope = new Scope(config.build());
    Url url = TestConfig.url("http://www.wide.test/");

    assertThat(scope.decide(url, 7, null)).isNull();
    assertThat(scope.decide(url, 8, null)).isEqualTo(Refusal.TOO_DEEP);
    assertThat(scope.budgetSpent("www.wide.test", 4)).isFalse();
    assertThat(scope.budgetSpent("www.wide.test", 5)).isTrue();
    assertThat(scope.labels(Offer.seed(url)).priority()).isEqualTo(Priority.LOW);
  }

  @Test
  void aPriorityOfItsOwnComesBeforeThatOfTheHost() {
    TestConfig config = new TestConfig();
    config.hosts = List.of(new HostRule("a.test", null, null, null, null, Priority.LOW));
    Labels high = new Labels(Priority.HIGH, "news");
    Offer seed = new Offer(TestConfig.url("http://a.test/"), 0, null, List.of(), high);

    assertThat(new Scope(config.build()).labels(seed)).isEqualTo(high);
  }

  @Test
  void aLinksHostSaysItsPriorityWhateverThePageThatNamedItHad() {
    TestConfig config = new TestConfig();
    config.hosts = List.of(new HostRule("a.test", null, null, null, null, Priority.HIGH));
    Labels low = new Labels(Priority.LOW, "news");
    Offer link = new Offer(TestConfig.url("http://a.test/"), 1, "http://b.test/", List.of(), low);

    assertThat(new Scope(config.build()).labels(link)).isEqualTo(new Labels(Priority.HIGH, "news"));
  }
}
