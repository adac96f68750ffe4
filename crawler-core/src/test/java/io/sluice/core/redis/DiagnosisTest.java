package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosisTest {

  private static final RedisCondition WELL = new RedisCondition.Well();
  private static final Map<String, String> PRIMARY =
      Map.of("role", "master", "loading", "0", "maxmemory", "0", "maxmemory_policy", "noeviction");

  static Stream<Arguments> conditions() {
    return Stream.of(
        Arguments.of(PRIMARY, null, WELL),
        Arguments.of(PRIMARY, "OOM command not allowed", new RedisCondition.Full()),
        Arguments.of(PRIMARY, "READONLY You can't write", readOnly("another")),
        Arguments.of(
            PRIMARY,
            "MOVED 866 10.0.0.2:6379",
            new RedisCondition.Elsewhere("here:6379", "10.0.0.2:6379")),
        Arguments.of(PRIMARY, "NOPERM this user has no permissions", WELL),
        Arguments.of(
            PRIMARY,
            "MISCONF errors writing\r\nto disk",
            refusing("MISCONF errors writing\\u000d")),
        Arguments.of(
            Map.of("role", "slave", "master_host", "10.0.0.2", "master_port", "6379"),
            null,
            readOnly("10.0.0.2:6379")),
        Arguments.of(Map.of("loading", "1"), "LOADING wait", new RedisCondition.Loading()),
        Arguments.of(
            Map.of("maxmemory", "5", "maxmemory_policy", "allkeys-lru"),
            null,
            new RedisCondition.Evicting("allkeys-lru")),
        Arguments.of(Map.of("maxmemory", "0", "maxmemory_policy", "allkeys-lru"), null, WELL),
        Arguments.of(Map.of("maxmemory", "5", "maxmemory_policy", "noeviction"), null, WELL));
  }

  private static RedisCondition readOnly(String primary) {
    return new RedisCondition.ReadOnly("here:6379", primary);
  }

  private static RedisCondition refusing(String beginning) {
    return new RedisCondition.Refusing(beginning + "\\u000ato disk");
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void aProbeTellsTheCondition(
      Map<String, String> info, @Nullable String refusal, RedisCondition expected) {
    assertThat(Diagnosis.of("here:6379", info, refusal)).isEqualTo(expected);
  }

  @Test
  void everyConditionButWellGivesAReasonOfOneLine() {
    assertThat(WELL.reason()).isEmpty();
    conditions()
        .map(arguments -> (RedisCondition) arguments.get()[2])
        .filter(condition -> !condition.equals(WELL))
        .forEach(
            condition -> assertThat(condition.reason()).startsWith("Redis ").doesNotContain("\n"));
  }

  @Test
  void onlyARefusalOfOneKeyIsForItsPartToTell() {
    assertThat(Diagnosis.passing("OOM command not allowed")).isTrue();
    assertThat(Diagnosis.passing("LOADING")).isTrue();
    assertThat(Diagnosis.passing("WRONGTYPE Operation against a key")).isFalse();
  }
}
