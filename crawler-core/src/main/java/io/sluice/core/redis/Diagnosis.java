package io.sluice.core.redis;

import io.sluice.core.config.Echo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives Redis's condition from its answers. Pure functions.
 *
 * <p>Thread-safe: stateless.
 */
final class Diagnosis {

  private static final RedisCondition WELL = new RedisCondition.Well();
  private static final String KEEPS_ALL = "noeviction";

  private Diagnosis() {}

  /**
   * Derives the condition from the answers to a probe.
   *
   * @param address the server's address, as users know it
   * @param info the answer to INFO
   * @param refusal Redis's refusal of a write that changes nothing; null if the write was accepted
   */
  static RedisCondition of(String address, Map<String, String> info, @Nullable String refusal) {
    if ("1".equals(info.get("loading"))) {
      return new RedisCondition.Loading();
    }
    if ("slave".equals(info.get("role"))) {
      String primary =
          info.getOrDefault("master_host", "?") + ":" + info.getOrDefault("master_port", "?");
      return new RedisCondition.ReadOnly(address, Echo.of(primary));
    }
    RedisCondition evicting = evicting(info);
    if (evicting != null) {
      return evicting;
    }
    return refusal == null ? WELL : ofRefusal(address, refusal);
  }

  /** The condition of a Redis server that would throw data away; null if it would not. */
  static RedisCondition.@Nullable Evicting evicting(Map<String, String> info) {
    boolean bounded = !"0".equals(info.getOrDefault("maxmemory", "0"));
    String policy = info.getOrDefault("maxmemory_policy", KEEPS_ALL);
    return bounded && !KEEPS_ALL.equals(policy)
        ? new RedisCondition.Evicting(Echo.of(policy))
        : null;
  }

  /**
   * The condition that the refusal of a write shows. If only the permission for the probe's key is
   * missing, nothing is known to be wrong.
   */
  static RedisCondition ofRefusal(String address, String refusal) {
    return switch (word(refusal)) {
      case "OOM" -> new RedisCondition.Full();
      case "READONLY" -> new RedisCondition.ReadOnly(address, "another");
      case "MOVED", "ASK" -> new RedisCondition.Elsewhere(address, otherNode(refusal));
      case "LOADING" -> new RedisCondition.Loading();
      case "NOPERM" -> WELL;
      default -> new RedisCondition.Refusing(Echo.sentence(refusal));
    };
  }

  /**
   * Whether the refusal concerns Redis as a whole, or something that is created again
   * automatically.
   */
  static boolean passing(String refusal) {
    return switch (word(refusal)) {
      case "OOM",
          "READONLY",
          "LOADING",
          "MISCONF",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "MOVED",
          "ASK",
          "NOTOWNER",
          "NOTNODE",
          "MASTERDOWN",
          "BUSY",
          "NOGROUP",
          "UNBLOCKED" ->
          true;
      default -> false;
    };
  }

  /**
   * The address in a MOVED or ASK error ({@code MOVED 866 host:port}): the node that holds the key.
   */
  static String otherNode(String refusal) {
    return Echo.of(refusal.substring(refusal.lastIndexOf(' ') + 1));
  }

  /** The first word of an error. */
  static String word(String refusal) {
    int blank = refusal.indexOf(' ');
    return blank < 0 ? refusal : refusal.substring(0, blank);
  }
}
