package io.sluice.frontier.hold;

import io.sluice.core.lease.Finding;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.hold.HostState.Nameless;
import io.sluice.frontier.hold.HostState.Proven;
import io.sluice.frontier.hold.HostState.Troubled;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import java.util.ArrayList;
import java.util.List;

/** Host states as bytes, in their durable form (docs/frontier-format.md). Stateless. */
public final class HostStateCodec {

  private static final int FIRST = 0;
  private static final int PROVEN = 1;
  private static final int HELD = 2;
  private static final int GIVEN_UP = 3;
  private static final int NAMELESS = 4;

  /** Added to the number of a state's kind if the host ever gave a good answer. */
  private static final int EVER_PROVEN = 0x80;

  private HostStateCodec() {}

  /** Writes a state. */
  public static void encode(HostState state, Encoder to) {
    int proven = state.proven() ? EVER_PROVEN : 0;
    switch (state) {
      case HostState.First(Corrections corrections) -> put(corrections, to.putByte(FIRST));
      case Proven(Corrections corrections) -> put(corrections, to.putByte(PROVEN));
      case Troubled troubled -> encode(troubled.durable(), to);
      case Nameless(boolean _, Corrections corrections) ->
          put(corrections, to.putByte(NAMELESS | proven));
      case Held held -> {
        to.putByte(HELD | proven).putByte(FindingCode.of(held.finding())).putString(held.reason());
        to.putVarint(held.troubles()).putVarint(held.probes());
        to.putLong(held.sinceMillis()).putLong(held.askedUntilMillis());
        put(held.corrections(), putLongs(held.suspects(), putLongs(held.charged(), to)));
      }
      case GivenUp(boolean _, Finding finding, String reason, long atMillis, boolean wanted) -> {
        to.putByte(GIVEN_UP | proven).putByte(FindingCode.of(finding)).putString(reason);
        to.putLong(atMillis).putByte(wanted ? 1 : 0);
      }
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalStateException if the bytes are not a host's state
   */
  public static HostState decode(Decoder from) {
    int first = from.takeByte();
    boolean proven = (first & EVER_PROVEN) != 0;
    return switch (first & ~EVER_PROVEN) {
      case FIRST -> HostState.well(false, takeCorrections(from));
      case PROVEN -> HostState.well(true, takeCorrections(from));
      case NAMELESS -> new Nameless(proven, takeCorrections(from));
      case HELD ->
          new Held(
              proven,
              FindingCode.finding(from.takeByte()),
              from.takeString(),
              from.takeCount(),
              from.takeCount(),
              from.takeLong(),
              from.takeLong(),
              takeLongs(from),
              takeLongs(from),
              takeCorrections(from));
      case GIVEN_UP ->
          new GivenUp(
              proven,
              FindingCode.finding(from.takeByte()),
              from.takeString(),
              from.takeLong(),
              from.takeByte() != 0);
      default -> throw new IllegalStateException("unknown code of a host's state: " + first);
    };
  }

  private static void put(Corrections corrections, Encoder to) {
    putLongs(corrections.forgiven(), putLongs(corrections.owed(), to));
  }

  private static Corrections takeCorrections(Decoder from) {
    Corrections corrections = new Corrections(takeLongs(from), takeLongs(from));
    return corrections.isEmpty() ? Corrections.NONE : corrections;
  }

  private static Encoder putLongs(List<Long> numbers, Encoder to) {
    to.putVarint(numbers.size());
    numbers.forEach(to::putLong);
    return to;
  }

  private static List<Long> takeLongs(Decoder from) {
    int count = from.takeCount();
    if (count > Corrections.MAX_URLS) {
      throw new IllegalStateException("too many URLs in a host's state: " + count);
    }
    List<Long> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(from.takeLong());
    }
    return numbers;
  }
}
