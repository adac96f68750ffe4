package io.sluice.core.lifecycle;

import java.util.List;
import java.util.function.Function;

/** A stage that notes each call in a list that several stages share. Thread-safe if the list is. */
final class RecordedStage implements Stage {

  private final String name;
  private final List<String> calls;
  private int cancels;
  private Function<Deadline, Drained> drain = _ -> Drained.NOTHING;
  private Runnable stop = () -> {};
  private Runnable close = () -> {};

  RecordedStage(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  RecordedStage cancels(int count) {
    this.cancels = count;
    return this;
  }

  RecordedStage drains(Function<Deadline, Drained> how) {
    this.drain = how;
    return this;
  }

  RecordedStage stops(Runnable how) {
    this.stop = how;
    return this;
  }

  RecordedStage closes(Runnable how) {
    this.close = how;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void stopIntake() {
    calls.add("stop " + name);
    stop.run();
  }

  @Override
  public int cancelPending() {
    calls.add("cancel " + name);
    return cancels;
  }

  @Override
  public Drained drain(Deadline deadline) {
    calls.add("drain " + name);
    return drain.apply(deadline);
  }

  @Override
  public void close() {
    calls.add("close " + name);
    close.run();
  }
}
