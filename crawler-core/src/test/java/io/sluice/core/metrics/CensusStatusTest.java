package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.testing.NoLeaks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class CensusStatusTest {

  @TempDir private Path folder;

  private final ResourceLedger ledger = new ResourceLedger();
  private final DescriptorRules rules = new DescriptorRules();

  @Test
  @EnabledOnOs(OS.LINUX)
  void leaksOfBothSortsAreNamed() throws IOException {
    DescriptorCensus census = new DescriptorCensus(ledger, rules, Duration.ZERO);
    Path file = Files.createFile(folder.resolve("leaked")).toRealPath();
    ledger.enter(ResourceKind.FRONTIER, "frontier.segment", folder.resolve("closed"));
    try (FileChannel leaked = FileChannel.open(file)) {
      assertThat(leaked.isOpen()).isTrue();
      assertThat(CensusStatus.of(census, Duration.ZERO).toJson())
          .contains("\"unattributed\":1", " " + file + "\"]", "\"phantom\":1")
          .contains("\"phantoms\":[\"frontier of frontier.segment, " + folder)
          .containsPattern("^\\{\"open\":[0-9]+,\"limit\":[0-9]+,\"atStart\":[0-9]+,");
    }
  }

  @Test
  void withoutProcTheTotalIsShownAndTheRestIsSaidToBeUnavailable() {
    DescriptorCensus census =
        new DescriptorCensus(folder.resolve("none"), ledger, rules, Duration.ZERO);

    assertThat(CensusStatus.of(census, Duration.ZERO).toJson())
        .containsPattern("^\\{\"open\":[0-9]+,")
        .endsWith("\"kinds\":\"unavailable: this system has no /proc\"}");
  }
}
