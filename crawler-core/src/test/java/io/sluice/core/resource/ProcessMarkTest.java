package io.sluice.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessMarkTest {

  @Test
  void aRunningProcessIsFoundByWhatWasWrittenDown() {
    ProcessHandle self = ProcessHandle.current();
    String written = ProcessMark.of(self).toString();
    assertThat(ProcessMark.parse(written + "\n").flatMap(ProcessMark::running)).contains(self);
  }

  @Test
  void aDeadProcessIsNotFoundEvenBeforeItIsBuried() throws Exception {
    Process child = new ProcessBuilder("/bin/sh", "-c", "read -r _").start();
    ProcessMark mark = ProcessMark.of(child.toHandle());
    assertThat(mark.running()).isPresent();
    child.destroyForcibly();
    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(mark.running()).isEmpty();
  }

  @Test
  void aProcessWithTheSameNumberButAnotherBirthIsSomebodyElse() {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    assertThat(new ProcessMark(self.pid(), "1" + self.born()).running()).isEmpty();
    assertThat(new ProcessMark(self.pid(), "").running()).isEmpty();
  }

  @Test
  void whatIsNoMarkIsNone() {
    assertThat(ProcessMark.parse("")).isEmpty();
    assertThat(ProcessMark.parse("sluice 1")).isEmpty();
    assertThat(ProcessMark.parse("4711").flatMap(ProcessMark::running)).isEmpty();
  }
}
