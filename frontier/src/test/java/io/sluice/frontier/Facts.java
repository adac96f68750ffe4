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
 * What a {@link KilledProcess} noted, over all of its lives, and what the frontier is therefore
 * held to: a lease that nobody asked to end is out, one whose end was answered is not and its URL
 * is never leased again if it was done, and no number is used twice. Confined to one thread.
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

  /** Reads on and checks each fact against those before. */
  void readOn() throws IOException {
    ByteBuffer bytes;
    try (FileChannel channel = FileChannel.open(file)) {
      bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - read));
      channel.position(read);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // once more for what is left
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

  /** Holds the leases that were out at a start against what was known before. */
  void recovered(Set<String> outAtStart) {
    assertThat(outAtStart).as("leases whose end was answered").noneMatch(ended::contains);
    assertThat(outAtStart)
        .as("leases that nobody asked to end")
        .containsAll(out.stream().filter(lease -> !settling.contains(lease)).toList());
    out.clear();
    out.addAll(outAtStart);
    settling.clear();
  }

  /** URLs that the frontier said it has seen. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  /** URLs that the frontier said are done. */
  Set<String> done() {
    return done;
  }
}
