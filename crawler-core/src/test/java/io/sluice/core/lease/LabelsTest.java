package io.sluice.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

  @ParameterizedTest
  @CsvSource({"URGENT, NORMAL", "HIGH, NORMAL", "NORMAL, NORMAL", "LOW, LOW"})
  void linksInheritTheTagAndNoPriorityButALowOne(Priority page, Priority links) {
    assertThat(new Labels(page, "news").ofLinks()).isEqualTo(new Labels(links, "news"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "2026-11_news.DE"})
  void aTagIsOneWord(String tag) {
    assertThat(Labels.isTag(tag)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "é", "a=b", "a\n"})
  void whatIsNoTagIsRefused(String tag) {
    assertThat(Labels.isTag(tag)).isFalse();
    assertThatThrownBy(() -> new Labels(Priority.LOW, tag))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTagIsOfBoundedLength() {
    assertThat(Labels.isTag("x".repeat(Labels.MAX_TAG))).isTrue();
    assertThat(Labels.isTag("x".repeat(Labels.MAX_TAG + 1))).isFalse();
  }
}
