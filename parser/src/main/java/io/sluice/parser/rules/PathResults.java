package io.sluice.parser.rules;

import com.jayway.jsonpath.EvaluationListener;

/**
 * Ends the evaluation of a JSON path once there are enough values. The library collects all results
 * before it returns, and for each keeps the names that lead to it, whose length the page chooses.
 * Confined to one evaluation.
 */
final class PathResults implements EvaluationListener {

  /**
   * Maximum total length of the results' paths, in characters, including an overhead per result.
   */
  static final int MAX_CHARACTERS = 2 << 20;

  /** Overhead of a result in addition to its path, in characters. */
  private static final int RESULT_CHARACTERS = 100;

  private final int most;
  private int values;
  private long characters;

  /**
   * @param most number of values at which the evaluation ends
   */
  PathResults(int most) {
    this.most = most;
  }

  @Override
  public EvaluationContinuation resultFound(FoundResult found) {
    characters += found.path().length() + RESULT_CHARACTERS;
    values += isValue(found.result()) ? 1 : 0;
    return values >= most || tooMuch()
        ? EvaluationContinuation.ABORT
        : EvaluationContinuation.CONTINUE;
  }

  private static boolean isValue(Object result) {
    return result instanceof Number
        || result instanceof Boolean
        || (result instanceof String text && !text.isBlank());
  }

  /** Whether the evaluation ended because its results took too much memory. */
  boolean tooMuch() {
    return characters > MAX_CHARACTERS;
  }
}
