package io.sluice.frontier;

/** Another process owns the frontier directory; the message names it. */
public final class FrontierInUseException extends FrontierException {

  private static final long serialVersionUID = 1L;

  public FrontierInUseException(String message) {
    super(message);
  }
}
