package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

  private static final String GOOD =
      """
      crawl:
        dir: DIR/crawl
        seeds: ["http://example.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;

  @Test
  void goodConfigIsSummedUp() throws IOException {
    assertThat(check(GOOD)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("crawl.yaml: OK", "1 seeds", "registered domains");
    assertThat(dir.resolve("crawl")).as("nothing is made").doesNotExist();
  }

  @Test
  void everyProblemHasALine() throws IOException {
    assertThat(check(GOOD + "politeness: { dellay: 1s }\nfetcher: { max-body: 3 stones }\n"))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("crawl.yaml:5", "dellay", "delay"))
        .anySatisfy(line -> assertThat(line).contains("crawl.yaml:6", "max-body", "3 stones"));
  }

  @Test
  void directoryThatCannotBeMadeIsNamed() throws IOException {
    Files.writeString(dir.resolve("file"), "");
    assertThat(check(GOOD.replace("DIR/crawl", "DIR/file/crawl"))).isEqualTo(1);
    assertThat(err.toString()).contains("crawl.dir", "cannot be written").hasLineCount(1);
  }

  @Test
  void whatTheCrawlDirectoryFixesIsComparedWithTheConfig() throws IOException {
    Path crawl = Files.createDirectory(dir.resolve("crawl"));
    Files.writeString(crawl.resolve("crawl.properties"), "crawl.name=other\nfrontier.shards=4\n");
    assertThat(check(GOOD)).isEqualTo(1);
    assertThat(err.toString()).contains("crawl.name", "set it to other").hasLineCount(1);
  }

  @Test
  void seedsOfTheFileAreCountedAndItsBadLinesNamed() throws IOException {
    Path seeds = dir.resolve("seeds.txt");
    String config = GOOD.replace("seeds: [", "seeds-file: " + seeds + "\n  seeds: [");
    Files.writeString(seeds, "# two\nhttp://a.test/\nhttp://b.test/\n");
    assertThat(check(config)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("3 seeds");

    Files.writeString(seeds, "http://a.test/\nmailto:b@c.test\n");
    assertThat(check(config)).isEqualTo(1);
    assertThat(err.toString()).contains("seeds.txt:2").hasLineCount(1);
  }

  @Test
  void singleProcessNeedsARedisOfItsOwn() throws IOException {
    for (String command : new String[] {"fetcher", "parser"}) {
      assertThat(execute(command, GOOD)).isEqualTo(1);
    }
    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).startsWith("sluice: redis.uri=embedded: only 'sluice run'"));
  }

  private int check(String yaml) throws IOException {
    return execute("check", yaml);
  }

  private int execute(String command, String yaml) throws IOException {
    Path config = Files.writeString(dir.resolve("crawl.yaml"), yaml.replace("DIR", dir.toString()));
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(command, config.toString());
  }
}
