package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several resources are closed together, even if closing one fails. */
class ClosingTest {

  private final IOException first = new IOException("the first");
  private final IOException second = new IOException("the second");
  private final List<String> closed = new ArrayList<>();

  @Test
  void allAreClosedInOrderAndTheFirstFailureIsThrownWithTheLaterOnesSuppressed() {
    List<Closeable> open =
        List.of(failing("a", first), () -> closed.add("b"), failing("c", second));

    assertThatThrownBy(() -> Closing.all(open)).isSameAs(first).hasSuppressedException(second);

    assertThat(closed).containsExactly("a", "b", "c");
  }

  @Test
  void aFailureThatTwoReportIsThrownOnce() {
    List<Closeable> open = List.of(failing("a", first), failing("b", first));

    assertThatThrownBy(() -> Closing.all(open)).isSameAs(first).hasNoSuppressedExceptions();
  }

  @Test
  void afterAFailureAllAreClosedAndWhatFailsIsSuppressedInIt() {
    IllegalStateException cause = new IllegalStateException("why all are closed");

    Closing.after(cause, List.of(failing("a", first), failing("b", second)));

    assertThat(cause.getSuppressed()).containsExactly(first, second);
    assertThat(closed).containsExactly("a", "b");
  }

  private Closeable failing(String name, IOException failure) {
    return () -> {
      closed.add(name);
      throw failure;
    };
  }
}
