package io.sluice.core.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the process does its work. Each part sets its own checks; the process is ready while
 * every check is ready, and alive until one fails for good. Thread-safe: checks may be set and read
 * on any thread.
 */
public final class Health {

  private final Map<String, Check> checks = new ConcurrentHashMap<>();

  /** Creates a health without checks, which counts as ready. */
  public Health() {}

  /**
   * The check with the given name, created if there is none; a new one is not ready, for the reason
   * {@code starting}.
   *
   * @param name a short fixed word: {@code redis}, {@code frontier}
   */
  public Check check(String name) {
    return checks.computeIfAbsent(name, _ -> new Check());
  }

  /** Whether every check is ready. */
  public boolean ready() {
    return reasons().isEmpty();
  }

  /** Whether no check has failed for good. */
  public boolean alive() {
    return fatal().isEmpty();
  }

  /** Why the process is not ready, by check, in alphabetical order; empty when it is. */
  public Map<String, String> reasons() {
    Map<String, String> reasons = new TreeMap<>();
    checks.forEach(
        (name, check) -> {
          String reason = check.state.reason;
          if (reason != null) {
            reasons.put(name, reason);
          }
        });
    return Collections.unmodifiableMap(reasons);
  }

  /** What failed for good, by check; empty while the process is alive. */
  public Map<String, String> fatal() {
    Map<String, String> fatal = new TreeMap<>();
    checks.forEach(
        (name, check) -> {
          State state = check.state;
          if (state.fatal && state.reason != null) {
            fatal.put(name, state.reason);
          }
        });
    return Collections.unmodifiableMap(fatal);
  }

  /** One condition that must hold. Thread-safe: one volatile reference. */
  public static final class Check {
    private volatile State state = new State("starting", false);

    private Check() {}

    /** The condition holds, unless it failed for good. */
    public void ready() {
      set(new State(null, false));
    }

    /**
     * The condition does not hold for now.
     *
     * @param reason for people: {@code Redis does not answer}
     */
    public void notReady(String reason) {
      set(new State(reason, false));
    }

    /** The condition will never hold again, so the process should be restarted. */
    public void failed(String reason) {
      set(new State(reason, true));
    }

    private synchronized void set(State next) {
      if (!state.fatal) {
        state = next;
      }
    }
  }

  private record State(@Nullable String reason, boolean fatal) {}
}
