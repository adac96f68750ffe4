package io.sluice.launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;

/**
 * Questions to a user at a terminal. Confined to the main thread.
 *
 * @param keys the user's input
 * @param err where the questions are written
 */
record Questions(BufferedReader keys, PrintWriter err) {

  /** Maximum number of times that a question is asked. */
  private static final int ATTEMPTS = 3;

  /**
   * Asks a question; returns the answer without surrounding blanks, or an empty string if there is
   * none.
   */
  String ask(String question) throws IOException {
    err.print(question + " ");
    err.flush();
    String answer = keys.readLine();
    return answer == null ? "" : answer.strip();
  }

  /**
   * Asks a question at most three times, until the answer is acceptable; repeats it with the
   * reason.
   *
   * @param problem returns the problem with an answer; empty if the answer is acceptable
   * @return the last answer, which the caller refuses if it is still unacceptable; empty if there
   *     is none
   */
  String ask(String question, Function<String, Optional<String>> problem) throws IOException {
    for (int attempt = 1; ; attempt++) {
      String answer = ask(question);
      Optional<String> wrong = answer.isEmpty() ? Optional.empty() : problem.apply(answer);
      if (wrong.isEmpty() || attempt == ATTEMPTS) {
        return answer;
      }
      err.println(wrong.get());
    }
  }
}
