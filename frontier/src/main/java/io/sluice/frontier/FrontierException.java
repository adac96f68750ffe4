package io.sluice.frontier;

import java.io.IOException;

/**
 * The frontier cannot be opened, or its storage failed. The message is one line for the operator
 * and names the file or key concerned.
 */
public class FrontierException extends IOException {

  private static final long serialVersionUID = 1L;

  public FrontierException(String message) {
    super(message);
  }

  public FrontierException(String message, Throwable cause) {
    super(message, cause);
  }
}
