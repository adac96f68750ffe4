package io.sluice.frontier.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Ruling;
import io.sluice.frontier.hold.HostState.First;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.hold.HostState.Proven;
import io.sluice.frontier.hold.HostState.Sign;
import io.sluice.frontier.hold.HostState.Step;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HostStateTest {

  /**
   * The visits of one host, each as the URL's letter and the finding, with the expected state, and
   * whether the URL is charged (C) or spared (S). A capital letter stands for a URL that failed
   * before; a probe's finding ends in {@code ?}.
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a GOOD,                                                       proven    C
          a NOTHING,                                                    first     C
          a DNS_TROUBLE,                                                held      S
          a DNS_SILENCE,                                                held      S
          a NO_ROUTE,                                                   held      S
          a NO_CONNECTION,                                              held      S
          a CONNECTION_REFUSED,                                         held      S
          a TLS_TROUBLE,                                                held      S
          a ROBOTS_TROUBLE,                                             held      S
          a CUT_SHORT,                                                  held      S
          a CUT_SHORT b NO_ANSWER? c GOOD?,                             proven    SSC
          a CUT_SHORT A NO_ANSWER? A NO_ANSWER? A NO_ANSWER?,           held      SSSS
          a CUT_SHORT b CUT_SHORT,                                      held      SS
          a GOOD b CUT_SHORT,                                           proven    CS
          a NO_ANSWER b CUT_SHORT,                                      held      CS
          a GOOD b DNS_TROUBLE,                                         held      CS
          a NO_NAME,                                                    held      S
          a NO_NAME b NO_NAME?,                                         troubled  SC
          a NO_NAME b NO_NAME? c NO_NAME,                               troubled  SCC
          a NO_NAME b NO_NAME,                                          held      SS
          a NO_NAME b GOOD?,                                            proven    SC
          a NO_NAME b DNS_TROUBLE? c NO_NAME?,                          held      SSS
          a NO_NAME b NO_NAME? c DNS_TROUBLE,                           held      SCS
          a NO_ANSWER,                                                  troubled  C
          a NO_ANSWER A NO_ANSWER A NO_ANSWER A NO_ANSWER,              troubled  CCCC
          a NO_ANSWER b ERROR_ANSWER,                                   troubled  CS
          a NO_ANSWER b ERROR_ANSWER B NO_ANSWER A NO_ANSWER,           troubled  CSCC
          a NO_ANSWER b ERROR_ANSWER c NO_ANSWER,                       held      CSS
          a NO_ANSWER b GOOD c NO_ANSWER d GOOD e NO_ANSWER,            troubled  CCCCC
          a NO_ANSWER b NO_CONNECTION,                                  held      CS
          a NO_CONNECTION b NO_ANSWER? c ERROR_ANSWER?,                 held      SSS
          a NO_CONNECTION A NO_CONNECTION? A NO_CONNECTION?,            held      SSS
          A NO_CONNECTION,                                              held      S
          a GOOD B NO_CONNECTION,                                       troubled  CS
          a GOOD B CONNECTION_REFUSED,                                  troubled  CS
          a GOOD B TLS_TROUBLE,                                         troubled  CS
          a GOOD B ROBOTS_TROUBLE,                                      troubled  CS
          a GOOD B TLS_TROUBLE B TLS_TROUBLE,                           held      CSS
          a GOOD B DNS_TROUBLE,                                         held      CS
          a GOOD B DNS_SILENCE,                                         held      CS
          a GOOD B NO_ROUTE,                                            held      CS
          a GOOD B TLS_TROUBLE c TLS_TROUBLE,                           held      CSS
          a GOOD B TLS_TROUBLE C TLS_TROUBLE,                           troubled  CSS
          a GOOD B TLS_TROUBLE C TLS_TROUBLE D TLS_TROUBLE,             held      CSSS
          a NO_CONNECTION b NOTHING?,                                   held      SC
          a NO_CONNECTION b GOOD?,                                      proven    SC
          """)
  void trouble(String visits, String expected) {
    assertThat(play(First.STATE, visits)).isEqualTo(expected.replaceAll(" +", " "));
  }

  @Test
  void oneUrlThatAFirewallAlwaysResetsDoesNotTakeItsHostWithIt() {
    HostState state = Proven.STATE;
    for (int visit = 0; visit < 100; visit++) {
      Step reset = state.after(sign(Finding.NO_ANSWER, 1, false));
      assertThat(reset.ruling()).isEqualTo(Ruling.CHARGED);
      assertThat(reset.next().kind()).isEqualTo(Kind.TROUBLED);
      state = reset.next().after(sign(Finding.GOOD, 100 + visit, false)).next();
    }
    assertThat(state).isEqualTo(Proven.STATE);
  }

  @Test
  void whoFailsWhenItsHostIsHeldBearsNothing() {
    HostState held = after(Proven.STATE, "a NO_CONNECTION b NO_CONNECTION? c NO_ANSWER?");
    assertThat(after(held, "d GOOD?")).isEqualTo(Proven.STATE);
    HostState overloaded = after(Proven.STATE, "a ERROR_ANSWER b ERROR_ANSWER c ERROR_ANSWER");
    assertThat(after(overloaded, "d ERROR_ANSWER? e GOOD?")).isEqualTo(Proven.STATE);
  }

  @Test
  void whoFailedAloneIsChargedOnceAnotherIsAnswered() {
    HostState lifted = after(Proven.STATE, "a NO_ANSWER b NO_ANSWER c GOOD");
    assertThat(lifted.correction('a')).as("charged at once").isZero();
    assertThat(lifted.correction('b')).as("spared at first").isEqualTo(1);
    assertThat(lifted.corrected('b')).isEqualTo(Proven.STATE);
    HostState held = after(Proven.STATE, "a TLS_TROUBLE B TLS_TROUBLE? C NO_CONNECTION?");
    assertThat(held.correction('b')).as("a probe charges nobody").isZero();
    HostState proven = after(held, "C GOOD?");
    assertThat(proven.correction('a')).as("the first time").isZero();
    assertThat(proven.correction('b')).as("the second time").isEqualTo(1);
    assertThat(proven.correction('c')).as("the one that was answered").isZero();
  }

  /** A site whose https or other port does not answer, or some of whose pages always fail. */
  @ParameterizedTest
  @EnumSource(
      value = Finding.class,
      names = {"TLS_TROUBLE", "CONNECTION_REFUSED", "NO_ANSWER", "ERROR_ANSWER"})
  void badUrlsAmongGoodOnesAreSparedABoundedNumberOfTimes(Finding trouble) {
    int urls = 20;
    int[] visits = new int[urls];
    int[] attempts = new int[urls];
    HostState state = Proven.STATE;
    Random random = new Random(3);
    for (int visit = 0; visit < 100 * urls; visit++) {
      int url = random.nextInt(urls);
      attempts[url] += state.correction(url);
      state = state.corrected(url);
      boolean probe = state.kind() == Kind.HELD;
      Step step =
          state.after(new Sign(trouble, "trouble", url, visits[url]++ > 0, probe, 1_000, 0));
      attempts[url] += step.ruling() == Ruling.CHARGED ? 1 : 0;
      state = random.nextInt(3) == 0 ? after(step.next(), "z GOOD") : step.next();
    }
    for (int url = 0; url < urls; url++) {
      assertThat(attempts[url]).isBetween(visits[url] / 3, visits[url]);
    }
  }

  @Test
  void troubleOfTheCrawlsOwnLeavesNothingBehind() {
    HostState charged = after(Proven.STATE, "a NO_ANSWER b NO_ANSWER");
    assertThat(charged.released().correction('a')).as("charged at once").isEqualTo(-1);
    assertThat(charged.released().correction('b')).as("spared").isZero();
    HostState held = after(charged, "c NO_CONNECTION d NO_CONNECTION?");
    assertThat(held.released()).isEqualTo(charged.released());
    HostState later = after(held.released(), "z GOOD y NO_CONNECTION x GOOD?");
    assertThat(later.correction('a')).as("still to be forgiven").isEqualTo(-1);
    assertThat(after(First.STATE, "a NO_CONNECTION").released()).isEqualTo(First.STATE);
  }

  @Test
  void aHostThatWasGivenUpStaysSoUntilAGoodAnswer() {
    GivenUp givenUp = ((Held) after(Proven.STATE, "a NO_CONNECTION")).giveUp(9);
    assertThat(play(givenUp, "b NO_CONNECTION c NO_ANSWER d NO_NAME")).isEqualTo("given-up SSS");
    assertThat(play(givenUp, "b NO_CONNECTION c GOOD")).isEqualTo("proven SC");
  }

  @Test
  void probesAreCountedAndVisitsThatWereUnderWayAreNot() {
    Held held = (Held) after(First.STATE, "a NO_CONNECTION b NO_CONNECTION c NO_CONNECTION?");
    assertThat(held.probes()).isEqualTo(1);
    assertThat(held.troubles()).isEqualTo(2);
  }

  @Test
  void whatAHoldRemembersOfUrlsIsBounded() {
    HostState state = Proven.STATE;
    for (int url = 0; url < 1000; url++) {
      Sign sign = new Sign(Finding.NO_CONNECTION, "trouble", url, true, true, 1_000, 0);
      state = state.after(sign).next();
    }
    assertThat(((Held) state).suspects()).hasSize(Corrections.MAX_URLS);
    assertThat(state.after(sign(Finding.GOOD, 5000, true)).next().corrections().owed())
        .hasSize(Corrections.MAX_URLS);
  }

  @ParameterizedTest
  @EnumSource(Finding.class)
  void troubleNeverProvesAHostAndOnlyAGoodAnswerDoes(Finding finding) {
    HostState next = First.STATE.after(sign(finding, 1, false)).next();
    assertThat(next.proven()).isEqualTo(finding == Finding.GOOD);
  }

  @Test
  void statesAreTheSameAfterARestartButForUrlsInARow() {
    Random random = new Random(7);
    List<HostState> states = new ArrayList<>(List.of(First.STATE));
    Finding[] findings = Finding.values();
    for (int i = 0; i < 5_000; i++) {
      HostState from = states.get(random.nextInt(states.size()));
      Finding finding = findings[random.nextInt(findings.length)];
      HostState next = from.after(sign(finding, random.nextInt(9), random.nextBoolean())).next();
      states.add(next instanceof Held held && random.nextInt(9) == 0 ? held.giveUp(i) : next);
    }
    for (HostState state : states) {
      Encoder encoder = new Encoder(64);
      HostStateCodec.encode(state, encoder);
      byte[] bytes = encoder.toArray();
      Decoder decoder = new Decoder(bytes, 0, bytes.length);
      assertThat(HostStateCodec.decode(decoder)).isEqualTo(state.durable());
      assertThat(decoder.exhausted()).isTrue();
    }
  }

  private static String play(HostState from, String visits) {
    HostState state = from;
    StringBuilder rulings = new StringBuilder();
    List<String> words = words(visits);
    for (int i = 0; i < words.size(); i += 2) {
      Step step = state.after(sign(words.get(i).charAt(0), words.get(i + 1)));
      rulings.append(step.ruling() == Ruling.CHARGED ? 'C' : 'S');
      state = step.next();
    }
    return state.kind().word() + " " + rulings;
  }

  private static HostState after(HostState from, String visits) {
    HostState state = from;
    List<String> words = words(visits);
    for (int i = 0; i < words.size(); i += 2) {
      state = state.after(sign(words.get(i).charAt(0), words.get(i + 1))).next();
    }
    return state;
  }

  private static List<String> words(String visits) {
    return Pattern.compile(" +").splitAsStream(visits.strip()).toList();
  }

  private static Sign sign(char url, String finding) {
    boolean probe = finding.endsWith("?");
    boolean putOffBefore = Character.isUpperCase(url);
    Finding found = Finding.valueOf(finding.replace("?", ""));
    return new Sign(found, word(found), Character.toLowerCase(url), putOffBefore, probe, 1_000, 0);
  }

  private static Sign sign(Finding finding, long url, boolean probe) {
    return new Sign(finding, word(finding), url, false, probe, 1_000, 0);
  }

  private static String word(Finding finding) {
    return finding.troubled() ? "trouble" : "";
  }
}
