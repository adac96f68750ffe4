package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessScrapesTest {

  private final ProcessScrapes scrapes = new ProcessScrapes();

  @Test
  void theSamplesOfAMetricStandTogetherBelowOneHelpAndOneType() {
    scrapes.add(
        "fetcher",
        """
        # HELP sluice_fds Open descriptors, by owner
        # TYPE sluice_fds gauge
        sluice_fds{kind="redis"} 3.0
        # HELP process_uptime_seconds The uptime
        # TYPE process_uptime_seconds gauge
        process_uptime_seconds 7.5
        """);
    scrapes.add(
        "parser-1",
        """
        # HELP process_uptime_seconds The uptime
        # TYPE process_uptime_seconds gauge
        process_uptime_seconds 2.5
        # HELP sluice_fds Open descriptors, by owner
        # TYPE sluice_fds gauge
        sluice_fds{kind="redis"} 2.0
        """);

    assertThat(scrapes.text())
        .isEqualTo(
            """
            # HELP sluice_fds Open descriptors, by owner
            # TYPE sluice_fds gauge
            sluice_fds{process="fetcher",kind="redis"} 3.0
            sluice_fds{process="parser-1",kind="redis"} 2.0
            # HELP process_uptime_seconds The uptime
            # TYPE process_uptime_seconds gauge
            process_uptime_seconds{process="fetcher"} 7.5
            process_uptime_seconds{process="parser-1"} 2.5
            """);
  }

  @Test
  void aHistogramKeepsItsPartsAndALabelMayHoldAnything() {
    scrapes.add(
        "fetcher",
        """
        # HELP jvm_pause_seconds Time in } and {
        # TYPE jvm_pause_seconds histogram
        jvm_pause_seconds_bucket{cause="a } b, \"c\" {",le="+Inf"} 1
        jvm_pause_seconds_sum{cause="a } b, \"c\" {"} 0.5
        jvm_pause_seconds_count{} 1
        """);

    assertThat(scrapes.text())
        .isEqualTo(
            """
            # HELP jvm_pause_seconds Time in } and {
            # TYPE jvm_pause_seconds histogram
            jvm_pause_seconds_bucket{process="fetcher",cause="a } b, \"c\" {",le="+Inf"} 1
            jvm_pause_seconds_sum{process="fetcher",cause="a } b, \"c\" {"} 0.5
            jvm_pause_seconds_count{process="fetcher"} 1
            """);
  }

  @Test
  void aScrapeOfNothingIsEmpty() {
    scrapes.add("parser-1", "");
    assertThat(scrapes.text()).isEmpty();
  }
}
