package io.sluice.launcher.supervise;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start a JVM of the crawl, with this JVM's JDK and class path and a heap of its own.
 * Immutable.
 *
 * @param name the process's name: {@code fetcher}, {@code parser-1}
 * @param heapBytes maximum size of its heap
 * @param compiler options for its just-in-time compilers
 * @param crashDir the directory where the JVM writes its error file if it crashes
 * @param arguments Sluice's own arguments
 * @param environment variables set in addition to this process's own
 */
public record ChildCommand(
    String name,
    long heapBytes,
    List<String> compiler,
    Path crashDir,
    List<String> arguments,
    Map<String, String> environment) {

  private static final String MAIN = "io.sluice.launcher.Main";

  /**
   * System property with the path of the class-data archive that this JVM was started with; absent
   * without an archive.
   */
  private static final String ARCHIVE = "sluice.archive";

  public ChildCommand {
    compiler = List.copyOf(compiler);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** The command line, one element per argument. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Xmx" + heapBytes);
    words.add("-XX:MaxDirectMemorySize=" + heapBytes);
    // The serial collector needs the least memory and processor time for heaps of this size.
    words.add("-XX:+UseSerialGC");
    // MemoryPlan lets live objects fill the old generation, three quarters of the heap.
    words.add("-XX:NewRatio=3");
    words.add("-XX:+UseCompactObjectHeaders");
    words.add("-XX:-UsePerfData");
    String archive = System.getProperty(ARCHIVE);
    if (archive != null) {
      words.add("-XX:SharedArchiveFile=" + archive);
      words.add("-Xlog:cds=off"); // silences the warning about an archive that does not fit
    }
    words.addAll(compiler);
    // ExitOnOutOfMemoryError would exit 3, which means a leak here: abort instead.
    words.add("-XX:+CrashOnOutOfMemoryError");
    words.add("-XX:-CreateCoredumpOnCrash");
    words.add("-XX:ErrorFile=" + crashDir.resolve("crash-" + name + "-%p.log"));
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    System.getProperties().stringPropertyNames().stream()
        .filter(property -> property.startsWith("sluice.") || property.startsWith("io.netty."))
        .sorted()
        .forEach(property -> words.add("-D" + property + "=" + System.getProperty(property)));
    words.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    words.add("-Dio.lettuce.core.iouring=false");
    words.add("-cp");
    words.add(System.getProperty("java.class.path"));
    words.add(MAIN);
    words.addAll(arguments);
    return words;
  }
}
