package io.sluice.core.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Resources that are opened together and closed together, in reverse order. Start-up happens inside
 * a scope, so that a half-built component unwinds:
 *
 * <pre>{@code
 * Pool pool = scope.own(Pool.open(settings));
 * Server server = scope.own(Server.start(pool));
 * }</pre>
 *
 * <p>Closing closes everything, whatever fails; the first failure is thrown, later ones are
 * suppressed in it. Thread-safe: a lock guards the list and is never held while something closes.
 */
public final class ResourceScope implements AutoCloseable {

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private boolean closed;

  /** An open scope that owns nothing. */
  public ResourceScope() {}

  /**
   * Takes ownership of {@code resource}.
   *
   * @return the same resource
   * @throws ScopeClosedException if the scope is closed; the resource has then been closed, too
   */
  public <T extends AutoCloseable> T own(T resource) {
    if (register(resource)) {
      return resource;
    }
    ScopeClosedException late = new ScopeClosedException();
    Throwable failure = closeOne(resource, null);
    if (failure != null) {
      late.addSuppressed(failure);
    }
    throw late;
  }

  /** Whether {@link #close} was called. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Closes everything that is owned, the most recently added first. Idempotent. */
  @Override
  public void close() {
    Throwable first = null;
    for (AutoCloseable next = takeYoungest(); next != null; next = takeYoungest()) {
      first = closeOne(next, first);
    }
    switch (first) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new CloseFailedException(first);
    }
  }

  private synchronized boolean register(AutoCloseable resource) {
    if (!closed) {
      owned.push(resource);
    }
    return !closed;
  }

  private synchronized @Nullable AutoCloseable takeYoungest() {
    closed = true;
    return owned.poll();
  }

  @SuppressWarnings(
      "InterruptedExceptionSwallowed") // It is kept as the failure, and the flag is restored.
  private static @Nullable Throwable closeOne(AutoCloseable resource, @Nullable Throwable first) {
    try {
      resource.close();
      return first;
    } catch (Throwable failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return Closing.keep(first, failure);
    }
  }

  /** Thrown when a resource is added to a closed scope, because the process is stopping. */
  public static final class ScopeClosedException extends IllegalStateException {
    ScopeClosedException() {
      super("the scope is closed: the process is stopping");
    }
  }

  /** Thrown when a resource failed to close with a checked exception. */
  public static final class CloseFailedException extends RuntimeException {
    CloseFailedException(Throwable cause) {
      super(cause);
    }
  }
}
