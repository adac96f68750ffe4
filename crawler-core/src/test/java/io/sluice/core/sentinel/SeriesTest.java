package io.sluice.core.sentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SeriesTest {

  private final Series series = new Series();

  @Test
  void ofAMinuteTheFloorIsKept() {
    series.add(0, 12);
    series.add(0, 7);
    series.add(0, 30);
    series.add(1, 9);
    series.add(1, 8);

    assertThat(series.window(2, 10, 1).line().slope()).isEqualTo(60, within(1e-9));
  }

  @Test
  void theRunningMinuteIsNotInTheWindow() {
    fill(0, 10);

    assertThat(series.window(9, 60, 1).size()).isEqualTo(9);
  }

  @Test
  void aBinIsTheMedianOfItsMinutesSoThatOneLowMinuteDoesNotTell() {
    for (int minute = 0; minute < 20; minute++) {
      series.add(minute, minute == 7 ? 0 : 100);
    }

    assertThat(series.window(20, 20, 5).line()).isEqualTo(new TheilSen(0, 0, 0, 0));
  }

  @Test
  void slopesAreByTheHour() {
    fill(0, 60);

    assertThat(series.window(60, 60, 1).line().slope()).isEqualTo(60, within(1e-9));
    assertThat(series.window(60, 60, 5).line().slope()).isEqualTo(60, within(1e-9));
  }

  @Test
  void minutesWithoutSamplesAreHolesAndBinsOfHolesAreNoPoints() {
    fill(0, 30);
    fill(90, 120);

    Points hours = series.window(120, 120, 5);

    assertThat(hours.size()).isEqualTo(12);
    assertThat(hours.spanHours()).isEqualTo(2, within(1e-9));
  }

  @Test
  void aDayIsKeptAndNoMore() {
    fill(0, 2 * Series.MINUTES);

    Points day = series.window(2 * Series.MINUTES, Series.MINUTES, 15);

    assertThat(day.size()).isEqualTo(96);
    assertThat(day.line().slope()).isEqualTo(60, within(1e-9));
    series.add(100 * Series.MINUTES, 1);
    assertThat(series.window(100 * Series.MINUTES + 1, Series.MINUTES, 15).size()).isZero();
  }

  @Test
  void whatComesTooLateIsLeftOut() {
    fill(0, 10);
    series.add(3, -50);

    assertThat(series.window(10, 10, 1).fallsPercent()).isZero();
  }

  private void fill(int from, int until) {
    for (int minute = from; minute < until; minute++) {
      series.add(minute, minute);
    }
  }
}
