package io.sluice.frontier.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.journal.Encoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedUrlTest {

  @ParameterizedTest
  @EnumSource
  void aUrlComesBackAsItWas(Priority priority) {
    for (@Nullable String tag : new @Nullable String[] {null, "news", "x".repeat(Labels.MAX_TAG)}) {
      for (int depth : new int[] {0, 1, 15, 16, 10_000, Integer.MAX_VALUE}) {
        QueuedUrl url =
            new QueuedUrl(
                "http://a.test/b",
                depth,
                "http://a.test/a",
                List.of("http://a.test/r"),
                new Labels(priority, tag),
                3);
        PackedUrl packed = PackedUrl.pack(url);
        assertThat(packed.unpack()).isEqualTo(url);
        assertThat(packed.priority()).isEqualTo(priority);
      }
    }
  }

  @Test
  void aPriorityCostsNothingAndATagItsLettersAndOneByte() {
    int usual = length(Labels.NONE);
    assertThat(length(new Labels(Priority.URGENT, null))).isEqualTo(usual);
    assertThat(length(new Labels(Priority.LOW, "news"))).isEqualTo(usual + 1 + 4);
  }

  @Test
  void whatIsRememberedOfAPageComesBackAsItWas() {
    QueuedUrl seed = new QueuedUrl("http://a.test/b", 0, null, List.of(), Labels.NONE, 0);
    Validators date = new Validators(null, "Sun, 06 Nov 1994 08:49:37 GMT");
    for (Revisit revisit :
        List.of(
            new Revisit(1, null),
            new Revisit(31_536_000, new PageVersion(Validators.NONE, -1)),
            new Revisit(3600, new PageVersion(date, Long.MAX_VALUE)),
            new Revisit(3600, new PageVersion(new Validators("W/\"\"", null), 0)))) {
      QueuedUrl url = seed.again(revisit);
      assertThat(PackedUrl.pack(url).unpack()).isEqualTo(url);
      assertThat(PackedUrl.pack(url).unpack().attempted(1).revisit()).isEqualTo(revisit);
    }
    assertThat(PackedUrl.pack(seed).unpack().revisit()).isNull();
  }

  private static int length(Labels labels) {
    Encoder encoder = new Encoder(64);
    PackedUrl.pack(new QueuedUrl("http://a.test/b", 15, null, List.of(), labels, 0))
        .encode(encoder);
    return encoder.length();
  }
}
