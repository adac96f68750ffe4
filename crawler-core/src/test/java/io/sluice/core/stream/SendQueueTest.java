package io.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.StreamEntry;
import io.sluice.core.stream.SendQueue.Item;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which entry is sent next, and under which id, after everything that can happen to an entry. */
class SendQueueTest {

  private static final byte[] NONE = {};

  private final Map<String, Item> items = new LinkedHashMap<>();
  private SendQueue queue = new SendQueue(7, Long.MAX_VALUE);

  private void add(String name) {
    Item item = new Item(new StreamEntry(name.getBytes(StandardCharsets.US_ASCII), NONE, NONE));
    items.put(name, item);
    queue.add(item);
  }

  private Item item(String name) {
    return Objects.requireNonNull(items.get(name));
  }

  /** Takes the entries to be sent now, each as {@code name=id}. */
  private String send() {
    List<String> sent = new ArrayList<>();
    for (Item next = queue.next(); next != null; next = queue.next()) {
      sent.add(new String(next.entry.lease(), StandardCharsets.US_ASCII) + "=" + next.id());
    }
    return String.join(" ", sent);
  }

  private void happens(String step) {
    String[] words = step.trim().split(" ", -1);
    switch (words[0]) {
      case "add" -> add(words[1]);
      case "send" -> send();
      case "answer" -> queue.remove(item(words[1]));
      case "refuse" -> queue.refused(item(words[1]));
      case "outrank" -> queue.outranked(item(words[1]));
      case "renew" -> queue.renewed(Long.parseLong(words[1]));
      case "resume" -> queue.sendOutranked();
      case "lose" -> queue.connectionLost();
      default -> throw new IllegalArgumentException(step);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          # what happened                                               | what is sent then
          add a, add b                                                  | a=7-1 b=7-2
          add a, send, add b                                            | b=7-2
          add a, add b, send, answer a                                  | ''
          add a, add b, send, lose                                      | a=7-1 b=7-2
          add a, add b, send, answer a, lose                            | b=7-2
          add a, add b, send, answer b, lose, add c                     | a=7-1 c=7-3
          add a, send, lose, send, lose                                 | a=7-1
          add a, send, add b, lose, send, answer a, lose                | b=7-2
          # refused for the time being: a new id, unless it may be there
          add a, send, refuse a                                         | a=7-2
          add a, send, refuse a, add b                                  | a=7-2 b=7-3
          add a, send, lose, send, refuse a, add b                      | a=7-1 b=7-2
          add a, add b, send, lose, send, refuse b, refuse a            | a=7-1 b=7-2
          add a, send, refuse a, lose                                   | a=7-2
          # outranked by another program's entry: an id of a new incarnation, in the old order
          add a, add b, send, outrank a, outrank b                      | ''
          add a, add b, send, outrank a, outrank b, renew 9, resume     | a=9-1 b=9-2
          add a, send, outrank a, add b, renew 9, resume                | a=9-1 b=9-2
          add a, send, renew 9, add b                                   | b=9-1
          add a, send, lose, renew 9, add b                             | a=7-1 b=9-1
          add a, add b, send, outrank a, lose, renew 9, resume          | b=7-2 a=9-1
          # looked up while the connection was lost
          add a, send, lose, answer a                                   | ''
          add a, send, lose, send, lose, answer a, add b                | b=7-2
          """)
  void whatIsSentNextFollowsFromWhatHappened(String happened, String sent) {
    for (String step : happened.split(",", -1)) {
      happens(step);
    }
    assertThat(send()).isEqualTo(sent);
  }

  @Test
  void entriesInFlightAreBounded() {
    for (int i = 0; i <= SendQueue.MAX_IN_FLIGHT; i++) {
      add("e" + i);
    }
    assertThat(send().split(" ", -1)).hasSize(SendQueue.MAX_IN_FLIGHT);
    happens("answer e5");
    assertThat(send()).isEqualTo("e256=7-257");
  }

  @Test
  void bytesInFlightAreBoundedExceptThatOneEntryIsAlwaysSent() {
    long each = new StreamEntry(new byte[1], NONE, NONE).occupies();
    queue = new SendQueue(7, each - 1);
    add("a");
    add("b");
    assertThat(send()).isEqualTo("a=7-1");
    happens("lose");
    assertThat(send()).isEqualTo("a=7-1");
    happens("answer a");
    assertThat(send()).isEqualTo("b=7-2");
  }

  @Test
  void onlyAnEntryOfTheIncarnationInUseAsksForAnotherOne() {
    add("a");
    add("b");
    send();
    assertThat(queue.outranked(item("a"))).isTrue();
    queue.renewed(9);
    assertThat(queue.outranked(item("b"))).isFalse();
  }

  @Test
  void whatIsGivenUpIsInDoubtOnlyIfItMayBeThere() {
    add("resent");
    send();
    happens("lose");
    add("inFlight");
    send();
    add("outranked");
    send();
    happens("outrank outranked");
    add("unsent");
    assertThat(queue.unanswered()).containsExactlyInAnyOrderElementsOf(items.values());

    SendQueue.Abandoned left = queue.abandon();
    assertThat(left.inDoubt()).containsExactlyInAnyOrder(item("resent"), item("inFlight"));
    assertThat(left.notThere()).containsExactly(item("outranked"), item("unsent"));
    assertThat(queue.unanswered()).isEmpty();
    assertThat(queue.nothingToSend()).isTrue();
  }
}
