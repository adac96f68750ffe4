package io.sluice.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace with one link to this machine, which can be cut, for a crawl whose uplink
 * fails. Created by root with iproute2; the caller closes it.
 */
final class OwnNetwork implements AutoCloseable {

  private final String name;
  private final String link;
  private final String subnet;

  private OwnNetwork(int number) {
    this.name = "sluice-" + number;
    this.link = "sluice" + number;
    this.subnet = "10.213." + number + ".";
  }

  /** Creates a namespace; without root or iproute2 the test is skipped, with a message. */
  static OwnNetwork open() throws IOException, InterruptedException {
    OwnNetwork network = new OwnNetwork((int) (ProcessHandle.current().pid() % 250));
    network.close(); // removes what a killed run may have left
    boolean made = ended(List.of("ip", "netns", "add", network.name));
    if (!made) {
      System.err.println("No network namespace can be made here (root, iproute2): skipped");
    }
    assumeTrue(made, "network namespaces need root and iproute2");
    try {
      network.connect();
    } catch (AssertionError | IOException | InterruptedException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void connect() throws IOException, InterruptedException {
    String inner = link + "i";
    ip("link", "add", link, "type", "veth", "peer", "name", inner);
    ip("link", "set", inner, "netns", name);
    ip("addr", "add", subnet + "1/24", "dev", link);
    ip("-n", name, "addr", "add", subnet + "2/24", "dev", inner);
    ip("link", "set", link, "up");
    ip("-n", name, "link", "set", inner, "up");
    ip("-n", name, "link", "set", "lo", "up");
  }

  /** This machine's address at its end of the link. */
  InetAddress outside() throws IOException {
    return InetAddress.getByName(subnet + "1");
  }

  /** The addresses of the link, in CIDR notation. */
  String cidr() {
    return subnet + "0/24";
  }

  /** The prefix that makes a command run inside the namespace. */
  List<String> inside() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Cuts the link. */
  void cut() throws IOException, InterruptedException {
    ip("link", "set", link, "down");
  }

  /** Restores the link. */
  void mend() throws IOException, InterruptedException {
    ip("link", "set", link, "up");
  }

  @Override
  public void close() {
    ended(List.of("ip", "link", "delete", link));
    ended(List.of("ip", "netns", "delete", name));
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    Processes.run(command(words));
  }

  private static String[] command(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "ip";
    System.arraycopy(words, 0, command, 1, words.length);
    return command;
  }

  /** Whether a command could be run and succeeded. */
  private static boolean ended(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
