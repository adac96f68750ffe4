package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Places and environments in which a crawl can start, and the single line that is printed if it
 * cannot.
 */
class StartPlacesTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
  private static final Duration CRAWL = Duration.ofMinutes(2);

  /** Makes /tmp read-only in the test's own mount namespace, except for the test's directory. */
  private static final String READ_ONLY_TMP =
      "mount --bind \"$0\" \"$0\" && mount --rbind /tmp /tmp"
          + " && mount -o remount,bind,ro /tmp && exec \"$@\"";

  /** Mounts a file system over a directory so that programs in it cannot be executed. */
  private static final String NO_PROGRAMS = "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void theScriptNeedsNoHome() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 5)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      runByScript(yaml.of(web), Map.of());
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void theSearchForAJdkNeedsNoHome() throws Exception {
    Path finder = ROOT.resolve(".mvn/find-jdk").toAbsolutePath();
    Path noJava = Files.createDirectory(dir.resolve("bin"));
    Files.createSymbolicLink(noJava.resolve("grep"), Path.of("/usr/bin/grep"));
    List<String> command = List.of("/bin/sh", finder.toString());
    Map<String, String> bare = Map.of("PATH", noJava.toString());
    try (SluiceProcess search = SluiceProcess.startBare(command, dir.resolve("out.txt"), bare)) {
      search.exitWithin(CRAWL);
      assertThat(search.output().lines())
          .singleElement()
          .asString()
          .matches("/[^:]*|sluice: no JDK 25 .*");
    }
  }

  @Test
  void aPathOutsideAsciiNeedsNoLocale() throws Exception {
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"), "this JVM cannot name such a path");
    try (GeneratedWeb web = GeneratedWeb.start(1, 5)) {
      CrawlYaml yaml =
          CrawlYaml.in(
              Files.createDirectory(dir.resolve("\u00fcn\u00efc\u00f6d\u00e9 \u65e5\u672c")));
      runByScript(yaml.of(web), Map.of("LANG", "C", "LC_ALL", "C"));
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aPathThatTheLocaleCannotNameIsOneLineWhereTheScriptDoesNotHelp() throws Exception {
    Path config = Files.writeString(dir.resolve("crawl.yaml"), "crawl: { dir: \"/tmp/\u00fc\" }\n");
    try (SluiceProcess crawl =
        SluiceProcess.start(
            dir.resolve("out.txt"), Map.of("LC_ALL", "C"), "run", config.toString())) {
      assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isEqualTo(1);
      assertThat(crawl.output().lines())
          .filteredOn(line -> line.contains("crawl.dir"))
          .singleElement()
          .asString()
          .contains("character set", "LC_ALL=C.UTF-8");
    }
  }

  @Test
  void whereTmpIsReadOnlyItStartsWithTmpdir() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 5)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path tmp = Files.createDirectory(dir.resolve("tmp"));
      try (SluiceProcess crawl =
          startIn(READ_ONLY_TMP, dir, Map.of("TMPDIR", tmp.toString()), yaml.of(web))) {
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(tmp).as("what the crawl left there").isEmptyDirectory();
    }
  }

  @Test
  void whereTmpIsReadOnlyOneLineNamesTmpdir() throws Exception {
    assertThat(lineIn(READ_ONLY_TMP, dir, Map.of("TMPDIR", "")))
        .startsWith("sluice: java.io.tmpdir=/tmp: cannot create a file there")
        .contains("TMPDIR");
  }

  @Test
  void whereProgramsMayNotRunInTmpdirOneLineSaysSo() throws Exception {
    Path tmp = Files.createDirectory(dir.resolve("tmp"));
    assertThat(lineIn(NO_PROGRAMS, tmp, Map.of("TMPDIR", tmp.toString())))
        .contains("native library", tmp.toString(), "set TMPDIR");
  }

  @Test
  void whereProgramsMayNotRunInTheCrawlsDirectoryOneLineSaysSo() throws Exception {
    Path crawl = Files.createDirectory(dir.resolve("crawl"));
    assertThat(lineIn(NO_PROGRAMS, crawl, Map.of()))
        .contains("embedded Redis", "programs may not run there", "noexec");
  }

  private String lineIn(String mounts, Path place, Map<String, String> environment)
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 5);
        SluiceProcess crawl = startIn(mounts, place, environment, CrawlYaml.in(dir).of(web))) {
      assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isEqualTo(1);
      List<String> complaints =
          crawl.output().lines().filter(line -> line.startsWith("sluice: ")).toList();
      assertThat(complaints).as(crawl.output()).hasSize(1);
      return complaints.getFirst();
    }
  }

  /**
   * Starts a crawl in its own mount namespace. If that is not allowed, the test is skipped with a
   * message.
   */
  private SluiceProcess startIn(
      String mounts, Path place, Map<String, String> environment, Path config) throws Exception {
    List<String> unshare = new ArrayList<>(namespaces());
    unshare.addAll(List.of("sh", "-c", mounts, place.toString()));
    return SluiceProcess.startUnder(
        unshare, dir.resolve("out.txt"), environment, "run", config.toString());
  }

  private static List<String> namespaces() throws IOException, InterruptedException {
    for (String flags : List.of("-m", "-rm")) {
      List<String> unshare = List.of("unshare", flags);
      List<String> trial = new ArrayList<>(unshare);
      trial.addAll(List.of("mount", "-t", "tmpfs", "tmpfs", "/mnt"));
      try {
        if (new ProcessBuilder(trial).start().waitFor() == 0) {
          return unshare;
        }
      } catch (IOException e) {
        break; // the program does not exist
      }
    }
    System.out.println("SKIPPED, no mount namespace can be had here: StartPlacesTest");
    assumeTrue(false, "no mount namespace can be had here");
    return List.of();
  }

  private void runByScript(Path config, Map<String, String> environment) throws Exception {
    Map<String, String> bare = new HashMap<>(environment);
    bare.put("PATH", "/usr/bin:/bin");
    bare.put("JAVA_HOME", System.getProperty("java.home"));
    List<String> command = List.of(installed().toString(), "run", config.toString());
    try (SluiceProcess crawl = SluiceProcess.startBare(command, dir.resolve("out.txt"), bare)) {
      assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
    }
  }

  /** Copies the script to a place where the jars appear to be built already. */
  private Path installed() throws IOException {
    Path home = Files.createDirectory(dir.resolve("home"));
    Path built = Files.createDirectories(home.resolve("launcher/target/builds/1"));
    for (String name : List.of("lib", "sluice.jsa")) {
      Path real = ROOT.resolve("launcher/target/sluice").resolve(name).toAbsolutePath();
      Files.createSymbolicLink(built.resolve(name), real);
    }
    for (String module : List.of("crawler-core", "frontier", "fetcher", "parser", "launcher")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.createFile(home.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(home.resolve("pom.xml"));
    Files.copy(ROOT.resolve("sluice"), home.resolve("sluice"));
    Path finder = Files.createDirectory(home.resolve(".mvn")).resolve("find-jdk");
    Files.copy(ROOT.resolve(".mvn/find-jdk"), finder);
    Files.writeString(built.resolveSibling("current"), "1\n"); // newer than the sources
    return home.resolve("sluice");
  }
}
