package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lifecycle.ResourceScope.CloseFailedException;
import io.sluice.core.lifecycle.ResourceScope.ScopeClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceScopeTest {

  private final List<String> closed = new ArrayList<>();
  private final ResourceScope scope = new ResourceScope();

  @Test
  void theYoungestClosesFirst() {
    scope.own(() -> closed.add("pool"));
    scope.own(() -> closed.add("server"));

    scope.close();

    assertThat(closed).containsExactly("server", "pool");
  }

  @Test
  void closingTwiceClosesOnce() {
    scope.own(() -> closed.add("pool"));

    scope.close();
    scope.close();

    assertThat(closed).containsExactly("pool");
    assertThat(scope.isClosed()).isTrue();
  }

  @Test
  void theFirstFailureIsThrownAndLaterOnesAreSuppressedInIt() {
    IllegalStateException first = new IllegalStateException("first");
    IOException later = new IOException("later");
    scope.own(() -> closed.add("pool"));
    scope.own(
        () -> {
          throw later;
        });
    scope.own(
        () -> {
          throw first;
        });

    assertThatThrownBy(scope::close).isSameAs(first).hasSuppressedException(later);
    assertThat(closed).containsExactly("pool");
  }

  @Test
  void aCheckedFailureIsWrapped() {
    scope.own(
        () -> {
          throw new IOException("disk full");
        });

    assertThatThrownBy(scope::close)
        .isInstanceOf(CloseFailedException.class)
        .hasRootCauseMessage("disk full");
  }

  @Test
  void whoComesLateIsClosedAtOnce() {
    scope.close();

    assertThatThrownBy(() -> scope.own(() -> closed.add("late")))
        .isInstanceOf(ScopeClosedException.class);
    assertThat(closed).containsExactly("late");
  }
}
