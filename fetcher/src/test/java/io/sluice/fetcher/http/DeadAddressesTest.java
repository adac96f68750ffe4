package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeadAddressesTest {

  private final DeadAddresses dead = new DeadAddresses();

  @Test
  void familiesTakeTurnsAndThePreferredOneBegins() {
    assertThat(order("::1", "::2", "::3", "10.0.0.1", "10.0.0.2"))
        .containsExactly("::1", "10.0.0.1", "::2", "10.0.0.2", "::3");
    assertThat(order("10.0.0.1", "::1")).containsExactly("10.0.0.1", "::1");
  }

  @Test
  void addressesThatDidNotAnswerComeLastForFiveMinutes() {
    dead.add(address("10.0.0.1"), 0);
    assertThat(order("10.0.0.1", "10.0.0.2", "::1")).containsExactly("10.0.0.2", "::1", "10.0.0.1");
    assertThat(names(dead.inOrder(addresses("10.0.0.1", "10.0.0.2"), TimeUnit.MINUTES.toNanos(5))))
        .containsExactly("10.0.0.1", "10.0.0.2");
    dead.remove(address("10.0.0.1"));
    assertThat(order("10.0.0.1", "10.0.0.2")).containsExactly("10.0.0.1", "10.0.0.2");
  }

  @Test
  void sixtyFourAddressesAreTriedAndTheDeadOnesLeftOutFirst() {
    dead.add(address("10.0.0.1"), 0);
    String[] many =
        IntStream.rangeClosed(1, 80).mapToObj(i -> "10.0.0." + i).toArray(String[]::new);
    assertThat(order(many)).hasSize(64).doesNotContain("10.0.0.1").contains("10.0.0.65");
  }

  @Test
  void theOldestIsForgottenBeyondTheBound() {
    for (int i = 0; i <= DeadAddresses.MAX_ADDRESSES; i++) {
      dead.add(address("10.0.%d.%d".formatted(i / 256, i % 256)), 0);
    }
    assertThat(order("10.0.0.1", "10.0.0.0")).containsExactly("10.0.0.0", "10.0.0.1");
  }

  private List<String> order(String... addresses) {
    return names(dead.inOrder(addresses(addresses), 1));
  }

  private static List<InetAddress> addresses(String... addresses) {
    List<InetAddress> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(address(address));
    }
    return all;
  }

  private static List<String> names(List<InetAddress> addresses) {
    return addresses.stream()
        .map(InetAddress::getHostAddress)
        .map(name -> name.replace("0:0:0:0:0:0:0:", "::"))
        .toList();
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
