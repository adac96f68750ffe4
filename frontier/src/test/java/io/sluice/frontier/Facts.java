package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The facts that a {@link KilledProcess} has recorded over all of its runs, and the checks of the
 * frontier that follow from them: a lease that was not asked to end is out; a lease whose end was
 * answered is not out, and if its URL was done, it is never leased again; no lease number is used
 * twice. Confined to one thread.
 */
final class Facts {

  private final Path file;
  private final int pages;
  private long read;
  private final Map<String, String> leases = new HashMap<>();
  private final Set<String> out = new HashSet<>();
  private final Set<String> settling = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private final Set<String> seen = new HashSet<>();
  private final Set<String> found = new HashSet<>();

  Facts(Path file, int pages) {
    this.file = file;
    this.pages = pages;
  }

  /** Reads further facts and checks each against the earlier ones. */
  void readOn() throws IOException {
    ByteBuffer bytes;
    try (FileChannel channel = FileChannel.open(file)) {
      bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - read));
      channel.position(read);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // read again for the rest
      }
    }
    read += bytes.position();
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    text.lines().filter(line -> line.endsWith(" .")).forEach(line -> take(line.split(" ")));
  }

  private void take(String[] fact) {
    switch (fact[0]) {
      case "start" -> found.clear();
      case "out" -> found.add(fact[1]);
      case "ready" -> recovered(found);
      case "seen" -> seen.add(fact[1]);
      case "lease" -> leased(fact[1], fact[2]);
      case "settling" -> settling.add(fact[1]);
      case "given-back", "retried" -> over(fact[1]);
      case "done" -> {
        over(fact[1]);
        done.add(fact[2]);
        seen.addAll(KilledProcess.links(fact[2], pages));
      }
      default -> throw new AssertionError("no fact: " + String.join(" ", fact));
    }
  }

  private void leased(String lease, String href) {
    assertThat(leases.put(lease, href)).as("a number never used: " + lease).isNull();
    assertThat(done.contains(href)).as("leased though done: " + href).isFalse();
    out.add(lease);
  }

  private void over(String lease) {
    out.remove(lease);
    settling.remove(lease);
    ended.add(lease);
  }

  /** Compares the leases that were out at start-up with the earlier facts. */
  void recovered(Set<String> outAtStart) {
    assertThat(outAtStart).as("leases whose end was answered").noneMatch(ended::contains);
    assertThat(outAtStart)
        .as("leases that nobody asked to end")
        .containsAll(out.stream().filter(lease -> !settling.contains(lease)).toList());
    out.clear();
    out.addAll(outAtStart);
    settling.clear();
  }

  /** URLs that the frontier reported as seen. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  /** URLs that the frontier reported as done. */
  Set<String> done() {
    return done;
  }
}
