package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ScopeSettings;
import io.sluice.core.lease.Offer;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.url.ParameterPattern;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private ShardStore store;

  @SuppressWarnings("NullAway.Init") // opened before each test
  AdmissionTest() {}

  @BeforeEach
  void open() throws IOException {
    ShardFiles files =
        new ShardFiles(
            0,
            dir.resolve("shard-00"),
            dir.resolve("output"),
            6,
            1 << 20,
            1000,
            64,
            Disk.SYSTEM,
            Runnable::run,
            ledger);
    Files.createDirectories(dir.resolve("shard-00"));
    Files.createDirectories(dir.resolve("output"));
    store = ShardStore.create(files);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aPathPrefixIsRefusedWhenItsBudgetIsAccepted() throws IOException {
    config.prefixBudget = new ScopeSettings.PrefixBudget(2, 1);
    Admission admission = admission();
    assertThat(
            judge(
                admission,
                links(
                    "http://a.test/c/1",
                    "http://a.test/c/2",
                    "http://a.test/c/3",
                    "http://a.test/d")))
        .containsExactly("http://a.test/c/1", "http://a.test/c/2", "http://a.test/d");
    assertThat(judge(admission, links("http://a.test/c/4", "http://b.test/c/4")))
        .containsExactly("http://b.test/c/4");
    assertThat(admission.refused()).containsEntry(Refusal.PREFIX_BUDGET, 2L);
  }

  @Test
  void whatWasSeenOrRefusedOtherwiseChargesNoBudget() throws IOException {
    config.prefixBudget = new ScopeSettings.PrefixBudget(2, 1);
    Admission admission = admission();
    judge(admission, links("http://a.test/c/1", "http://a.test/c/1", "http://a.test/c/c/c"));
    assertThat(judge(admission, links("http://a.test/c/2"))).hasSize(1);
    assertThat(admission.counts()).isEqualTo(new OfferCounts(2, 1, 1, Refusal.REPEATED_SEGMENTS));
  }

  @Test
  void aUrlIsQueuedOnceWhateverSessionItIsFoundIn() throws IOException {
    config.stripParameters = List.of(new ParameterPattern("phpsessid", false, 0));
    Admission admission = admission();
    assertThat(
            judge(
                admission,
                links(
                    "http://a.test/x?PHPSESSID=1",
                    "http://a.test/x",
                    "http://a.test/x?PHPSESSID=2")))
        .containsExactly("http://a.test/x");
    assertThat(admission.counts()).isEqualTo(new OfferCounts(1, 2, 0, null));
  }

  @Test
  void aRedirectThatOnlyAddsASessionIsFollowed() throws IOException {
    config.stripParameters = List.of(new ParameterPattern("phpsessid", false, 0));
    Admission admission = admission();
    judge(admission, links("http://a.test/x"));
    assertThat(judge(admission, redirect("http://a.test/x", "http://a.test/x?PHPSESSID=1")))
        .containsExactly("http://a.test/x?PHPSESSID=1");
    assertThat(judge(admission, redirect("http://a.test/x", "http://a.test/y?PHPSESSID=1")))
        .containsExactly("http://a.test/y");
  }

  @Test
  void aUrlThatEndedIsQueuedOnceMoreAndNotTwice() throws IOException {
    Admission admission = admission();
    judge(admission, links("http://a.test/x"));
    assertThat(judge(admission, again("http://a.test/x"))).containsExactly("http://a.test/x");
    assertThat(judge(admission, again("http://a.test/x"))).isEmpty();
    assertThat(judge(admission, links("http://a.test/x"))).isEmpty();
  }

  @Test
  void aUrlThatIsOfferedAgainTwiceAtOnceIsQueuedOnceThoughItWasNeverSeen() throws IOException {
    Admission admission = admission();
    assertThat(judge(admission, again("http://a.test/x", "http://a.test/x"))).hasSize(1);
    assertThat(judge(admission, again("http://a.test/x"))).isEmpty();
  }

  @Test
  void aUrlThatIsQueuedAgainHasHadItsPlaceInItsPrefixsBudget() throws IOException {
    config.prefixBudget = new ScopeSettings.PrefixBudget(2, 1);
    Admission admission = admission();
    judge(admission, links("http://a.test/c/1", "http://a.test/c/2"));
    assertThat(judge(admission, again("http://a.test/c/1"))).hasSize(1);
    assertThat(judge(admission, again("http://a.test/c/3"))).isEmpty();
  }

  @Test
  void aUrlThatIsOfferedAgainIsTakenUnderTheNameItWasQueuedBy() throws IOException {
    Admission before = admission();
    judge(before, links("http://a.test/x?utm_source=1", "http://a.test/x"));
    config.stripParameters = List.of(new ParameterPattern("utm_source", false, 0));
    assertThat(judge(admission(), again("http://a.test/x?utm_source=1")))
        .containsExactly("http://a.test/x?utm_source=1");
  }

  private Admission admission() {
    Fingerprints fingerprints = new Fingerprints(1);
    ScopeSettings scope = config.build().scope();
    PrefixRule prefixes =
        new PrefixRule(scope.prefixBudget(), fingerprints, store.state().prefixes());
    return new Admission(
        store, new Scope(config.build()), prefixes, fingerprints, () -> Instant.EPOCH);
  }

  private List<String> judge(Admission admission, List<Offer> offers) throws IOException {
    List<Queued> accepted = admission.judge(offers).accepted();
    for (Queued queued : accepted) {
      store.commit(queued);
    }
    return accepted.stream().map(queued -> queued.url().unpack().href()).toList();
  }

  private static List<Offer> links(String... hrefs) {
    return Stream.of(hrefs)
        .map(href -> new Offer(TestConfig.url(href), 1, "http://a.test/", List.of()))
        .toList();
  }

  private static List<Offer> again(String... hrefs) {
    return links(hrefs).stream().map(Offer::onceMore).toList();
  }

  private static List<Offer> redirect(String from, String to) {
    return List.of(new Offer(TestConfig.url(to), 1, from, List.of(from)));
  }
}
