package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractBoundsTest {

  @TempDir Path dir;

  @Test
  void aCrawlThatFollowsNoLinksStillKeepsThem() throws IOException {
    assertThat(linksUnder("true"))
        .containsExactly(new Link("http://a.test/x", LinkKind.A, null, true));
    assertThat(linksUnder("false"))
        .containsExactly(new Link("http://a.test/x", LinkKind.A, null, false));
  }

  @Test
  void refreshesAreFollowedWhereLinksAreNotUnlessTheyAreTurnedOff() throws IOException {
    assertThat(refreshUnder("follow-links: false")).isEqualTo("http://a.test/x");
    assertThat(refreshUnder("follow-links: true\nparser: { max-refreshes: 0 }")).isNull();
  }

  private @Nullable String refreshUnder(String keys) throws IOException {
    Url page = Objects.requireNonNull(Url.parse("http://a.test/"));
    return new HtmlExtractor(ExtractBounds.of(config(keys), 64 << 20))
        .html("<meta http-equiv=refresh content='0; url=x'>", page, List.of())
        .refresh();
  }

  private List<Link> linksUnder(String followLinks) throws IOException {
    ExtractBounds bounds = ExtractBounds.of(config("follow-links: " + followLinks), 64 << 20);
    Url page = Objects.requireNonNull(Url.parse("http://a.test/"));
    return new HtmlExtractor(bounds).html("<a href=x>", page, List.of()).links();
  }

  private SluiceConfig config(String crawlKey) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("crawl.yaml"),
            """
            crawl:
              seeds: [http://a.test/]
              user-agent: Sluice/test (+https://a.test/)
              %s
            """
                .formatted(crawlKey));
    return switch (ConfigLoader.load(file, Map.of(), 1)) {
      case LoadResult.Loaded(SluiceConfig config) -> config;
      case LoadResult.Invalid invalid -> throw new AssertionError(invalid);
    };
  }
}
