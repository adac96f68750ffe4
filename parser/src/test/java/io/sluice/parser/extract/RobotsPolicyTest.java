package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RobotsPolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-29T22:00:00Z");
  private static final RobotsPolicy ALL = new RobotsPolicy(true, true, true, true);

  @ParameterizedTest
  @CsvSource({
    "noindex, true, false",
    "none, true, false",
    "noarchive, false, true",
    "nofollow, false, false",
    "unavailable_after: 2026-11-29, false, false",
    "unavailable_after: 2026-11-28, true, false",
    "unavailable_after: whenever, false, false",
  })
  void directivesThatAreObeyedHideAPageOrKeepItFromTheArchive(
      String directive, boolean hides, boolean forbids) {
    List<String> directives = List.of("index", directive);

    assertThat(ALL.hidesContent(directives, NOW)).isEqualTo(hides);
    assertThat(ALL.forbidsArchive(directives)).isEqualTo(forbids);
    assertThat(RobotsPolicy.NONE.hidesContent(directives, NOW)).isFalse();
    assertThat(RobotsPolicy.NONE.forbidsArchive(directives)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "25 jun 2010 15:00:00 pst",
        "saturday, 25-jun-2010 15:00:00 pst",
        "fri, 25 jun 2010 23:00:00 gmt",
        "25-jun-10 23:00:00 utc",
        "2010-06-25t15:00:00-08:00",
        "2010-06-25T23:00:00Z",
        "2010-06-25 23:00",
        "june 25, 2010 23:00",
        "25 jun 2010 23:00:00 +0000",
        "2010-06-25T22:30:00.000Z",
        "2010-06-25t23:30:00.5+01:00",
      })
  void datesOfTheUsualFormatsAreRead(String date) {
    // Java reads PST as America/Los_Angeles, which has daylight saving time in June.
    assertThat(DirectiveDate.parse(date))
        .isBetween(Instant.parse("2010-06-25T22:00:00Z"), Instant.parse("2010-06-25T23:00:00Z"));
  }

  @Test
  void aDateWithoutATimeLastsToItsEnd() {
    assertThat(DirectiveDate.parse("2010-06-25")).isEqualTo("2010-06-26T00:00:00Z");
    assertThat(DirectiveDate.parse("25 Jun 2010")).isEqualTo("2010-06-26T00:00:00Z");
    assertThat(DirectiveDate.parse("soon")).isNull();
    assertThat(DirectiveDate.parse("31 Dec +999999999")).isNull();
  }

  @Test
  void directivesAreBoundedInNumberButThoseThatAreObeyedAlwaysCount() {
    RobotsDirectives robots = new RobotsDirectives("sluice");
    for (int i = 0; i < 1_000; i++) {
      robots.meta("robots", "x" + i);
    }
    robots.header("noindex");
    assertThat(robots.all()).hasSize(101).endsWith("noindex");
  }
}
