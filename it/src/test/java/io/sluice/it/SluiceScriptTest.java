package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@code sluice} script, in a checkout with a stand-in for Maven that takes a second, logs when
 * it begins and ends, and links the packaged jars into the requested build.
 */
class SluiceScriptTest {

  private static final Path ROOT =
      Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath();
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @BeforeEach
  void makeTheCheckout() throws IOException {
    for (String module : List.of("crawler-core", "frontier", "fetcher", "parser", "launcher")) {
      Files.createDirectories(dir.resolve(module).resolve("src/main"));
      Files.createFile(dir.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(dir.resolve("pom.xml"));
    Files.copy(ROOT.resolve("sluice"), dir.resolve("sluice"));
    Files.copy(
        ROOT.resolve(".mvn/find-jdk"),
        Files.createDirectory(dir.resolve(".mvn")).resolve("find-jdk"));
    Files.createSymbolicLink(
        dir.resolve("lib"), ROOT.resolve("launcher/target/sluice/lib").toRealPath());
    maven(
        """
        #!/bin/sh
        echo begins >> builds.log
        tries=0 # the other one is to come while this one builds
        while [ -e two ] && [ $tries -lt 600 ] && ! grep -q waiting [12].txt; do
          sleep 0.1
          tries=$((tries + 1))
        done
        for word; do case $word in -Dsluice.build=*) build=${word#*=} ;; esac; done
        mkdir -p "$build" && cp -rsL "$PWD/lib" "$build/lib"
        echo ends >> builds.log
        """);
  }

  @Test
  void ofTwoAtOnceOneBuildsAndTheOtherWaitsForIt() throws Exception {
    Files.createFile(dir.resolve("two"));
    try (SluiceProcess first = sluice("1.txt", "version");
        SluiceProcess second = sluice("2.txt", "version")) {
      for (SluiceProcess each : List.of(first, second)) {
        assertThat(each.exitWithin(LONG)).as(each.output()).isZero();
        assertThat(each.output()).containsPattern("(?m)^sluice \\d");
      }
      assertThat(first.output() + second.output()).contains("is building; waiting for it");
    }
    assertThat(builds()).containsExactly("begins", "ends");
  }

  @Test
  void aRunningProcessKeepsItsJarsHoweverOftenAnotherOneBuilds() throws Exception {
    try (SluiceProcess web = sluice("web.txt", "demo-web")) {
      web.awaitRunning(() -> web.output().contains("http://"));
      Path jars = current();
      for (int edit = 0; edit < 3; edit++) {
        edit();
        version();
      }
      assertThat(jars).as("what the process that runs was started from").isDirectory();
      assertThat(current()).isNotEqualTo(jars);
      web.terminate();
      assertThat(web.exitWithin(LONG)).isZero();
      edit();
      version();
      assertThat(jars).as("once nothing runs from it").doesNotExist();
    }
    try (Stream<Path> kept = Files.list(current().getParent())) {
      assertThat(kept.filter(Files::isDirectory)).as("this build and the one before").hasSize(2);
    }
  }

  @Test
  void aProcessThatWasStartedThroughALinkedDirectoryKeepsItsJarsToo() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir);
    try (SluiceProcess web = sluice(link, "web.txt", "demo-web")) {
      web.awaitRunning(() -> web.output().contains("http://"));
      Path jars = current();
      for (int edit = 0; edit < 2; edit++) {
        edit();
        version();
      }
      assertThat(jars).as("what the process that runs was started from").isDirectory();
      web.terminate();
      assertThat(web.exitWithin(LONG)).isZero();
    }
  }

  @Test
  void theLockOfABuilderThatDiedHoldsNothingUp() throws Exception {
    Path lock = lockOfTheDead();
    version();
    assertThat(Files.isSymbolicLink(lock)).isFalse();
  }

  @Test
  void theLockOfAnotherUsersBuilderHolds() throws Exception {
    boolean root = Files.getAttribute(dir, "unix:uid").equals(0);
    Path setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue(!root || Files.isExecutable(setpriv), "setpriv is not installed");
    lockOf(1);
    List<String> command = new ArrayList<>();
    if (root) {
      command.addAll(List.of(setpriv.toString(), "--reuid=65534", "--clear-groups"));
      try (Stream<Path> all = Files.walk(dir)) {
        all.filter(Files::isDirectory).forEach(each -> each.toFile().setWritable(true, false));
      }
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    command.addAll(List.of(dir.resolve("sluice").toString(), "version"));
    try (SluiceProcess other = start(command, "out.txt")) {
      other.awaitRunning(() -> other.output().contains("process 1 is building; waiting for it"));
      other.terminate();
      assertThat(other.exitWithin(LONG)).isEqualTo(143);
    }
  }

  @Test
  void norDoesTheDeathOfTheOneThatBrokeSuchALock() throws Exception {
    Path lock = lockOfTheDead();
    Path breaking = Files.createDirectory(lock.resolveSibling("lock.break"));
    Files.setLastModifiedTime(breaking, FileTime.from(Instant.now().minusSeconds(180)));
    version();
    assertThat(Files.isSymbolicLink(lock)).isFalse();
    assertThat(breaking).doesNotExist();
  }

  private Path lockOfTheDead() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    return lockOf(dead.pid());
  }

  private Path lockOf(long builder) throws IOException {
    Path builds = Files.createDirectories(dir.resolve("launcher/target/builds"));
    return Files.createSymbolicLink(builds.resolve("lock"), Path.of(String.valueOf(builder)));
  }

  @Test
  void aBuildThatIsStoppedTakesItsMavenAlongAndLeavesNoLock() throws Exception {
    maven("#!/bin/sh\necho $$ > maven.pid\nexec sleep 600\n");
    Path pid = dir.resolve("maven.pid");
    try (SluiceProcess build = sluice("out.txt", "version")) {
      build.awaitRunning(() -> Files.exists(pid) && Files.size(pid) > 0);
      build.terminate();
      assertThat(build.exitWithin(LONG)).isEqualTo(143);
    }
    long maven = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(maven).ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(LONG));
    assertThat(Files.isSymbolicLink(dir.resolve("launcher/target/builds/lock"))).isFalse();
  }

  @Test
  void aCheckoutThatCannotBeWrittenIsOneLine() throws Exception {
    Files.createFile(dir.resolve("launcher/target")); // no directory can be created there
    assertThat(refused()).contains("cannot be written", "must be built there first");
  }

  @Test
  void aMavenThatCannotDownloadIsOneLineAndNotABuild() throws Exception {
    String says =
        "[ERROR] Some problems were encountered\\n"
            + "[ERROR] Could not transfer artifact a:b:pom:1 from central (https://repo.example):"
            + " Unknown host repo.example\\n"
            + "[ERROR] See more";
    maven("#!/bin/sh\nprintf '%b\\n' '" + says + "'\nexit 1\n");
    String building = "sluice: building (this takes a minute or two, once)\n";
    assertThat(refused(building))
        .startsWith("sluice: the build could not download what it needs: Could not transfer")
        .contains("Unknown host repo.example", "builds/log");
    assertThat(refused(building)).as("the next time").contains("could not download");
  }

  @Test
  void sourcesThatDoNotCompileAreOneLineThatNamesThePlace() throws Exception {
    maven("#!/bin/sh\necho '[ERROR] '\necho '[ERROR] /src/A.java:[3,1] class expected'\nexit 1\n");
    assertThat(refused("sluice: building (this takes a minute or two, once)\n"))
        .startsWith("sluice: the build failed: /src/A.java:[3,1] class expected; all");
  }

  private String refused() throws Exception {
    return refused("");
  }

  /**
   * Runs the script, which must fail; returns the only line that it prints after {@code before}.
   */
  private String refused(String before) throws Exception {
    Files.deleteIfExists(dir.resolve("out.txt"));
    try (SluiceProcess sluice = sluice("out.txt", "version")) {
      assertThat(sluice.exitWithin(LONG)).as(sluice.output()).isEqualTo(1);
      assertThat(sluice.output()).startsWith(before);
      String said = sluice.output().substring(before.length());
      assertThat(said.lines()).singleElement().asString().startsWith("sluice: ");
      return said;
    }
  }

  private void version() throws Exception {
    try (SluiceProcess sluice = sluice("version.txt", "version")) {
      assertThat(sluice.exitWithin(LONG)).as(sluice.output()).isZero();
    }
  }

  /** Makes the sources newer than the build. */
  private void edit() throws IOException {
    Path built = dir.resolve("launcher/target/builds/current");
    Instant newer = Files.getLastModifiedTime(built).toInstant().plusMillis(10);
    Files.setLastModifiedTime(dir.resolve("pom.xml"), FileTime.from(newer));
  }

  private Path current() throws IOException {
    Path builds = dir.resolve("launcher/target/builds");
    return builds.resolve(Files.readString(builds.resolve("current")).strip());
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(dir.resolve("builds.log"));
  }

  private void maven(String script) throws IOException {
    Path file = Files.writeString(dir.resolve("mvnw"), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private SluiceProcess sluice(String output, String... words) throws IOException {
    return sluice(dir, output, words);
  }

  private SluiceProcess sluice(Path checkout, String output, String... words) throws IOException {
    List<String> command =
        Stream.concat(Stream.of(checkout.resolve("sluice").toString()), Stream.of(words)).toList();
    return start(command, output);
  }

  private SluiceProcess start(List<String> command, String output) throws IOException {
    Map<String, String> environment =
        Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", System.getProperty("java.home"));
    return SluiceProcess.startBare(command, dir.resolve(output), environment);
  }
}
