package io.sluice.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.lease.Offer;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.url.Url;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TakenBack;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends commands through a real socket to a real frontier. */
class ControlSocketTest {

  private static final String CONFIG =
      """
      crawl:
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        seeds: ["http://a.test/"]
      scope:
        domains: ["a.test"]
      """;

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final DescriptorRules rules = new DescriptorRules();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path file = Path.of("");
  private Frontier frontier;

  @SuppressWarnings("NullAway.Init") // opened before each test
  ControlSocketTest() {}

  @BeforeEach
  void openAFrontier() throws IOException {
    file = dir.resolve("control.sock");
    Path yaml = Files.writeString(dir.resolve("crawl.yaml"), CONFIG);
    if (!(ConfigLoader.load(yaml, Map.of(), 1) instanceof LoadResult.Loaded(var config))) {
      throw new AssertionError("the config does not load");
    }
    frontier = Frontier.open(config, dir, ledger, registry);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    frontier.close();
    assertThat(file).doesNotExist();
    assertThat(dir.resolve("control.sock.new")).doesNotExist();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void commandsAreCarriedOutAndAnswered() throws IOException {
    try (ControlSocket _ = open(file, LONG)) {
      assertThat(ask(new Command.RetryHosts(RetryFilter.ALL)))
          .contains(new Reply.Hosts(TakenBack.NONE));
      Offer inScope = offer("http://a.test/x");
      Offer outside = offer("http://b.test/");
      Reply.Urls first = new Reply.Urls(new OfferCounts(1, 0, 1, null));
      assertThat(ask(new Command.QueueAgain(List.of(inScope, outside)))).contains(first);
      Reply.Urls second = new Reply.Urls(new OfferCounts(0, 1, 0, null));
      assertThat(ask(new Command.QueueAgain(List.of(inScope)))).contains(second);
      assertThat(frontier.stats().queued()).isEqualTo(1);
    }
    assertThat(commands("answered")).isEqualTo(3);
  }

  @Test
  void whereNoCrawlListensNothingIsAnswered() throws IOException {
    assertThat(ask(new Command.RetryHosts(RetryFilter.ALL))).isEmpty();
    leaveADeadSocket(file);
    assertThat(ask(new Command.RetryHosts(RetryFilter.ALL))).isEmpty();
    Files.delete(file);
  }

  @Test
  void itsFileIsForItsOwnerAlone() throws IOException {
    try (ControlSocket _ = open(file, LONG)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aSocketThatADeadProcessLeftIsReplaced() throws IOException {
    leaveADeadSocket(file);
    leaveADeadSocket(dir.resolve("control.sock.new"));
    try (ControlSocket _ = open(file, LONG)) {
      assertThat(ask(new Command.RetryHosts(RetryFilter.ALL))).isPresent();
    }
  }

  @Test
  void aSocketAtWhichAProcessListensIsLeftAlone() throws IOException {
    try (ControlSocket _ = open(file, LONG)) {
      assertThatThrownBy(() -> open(file, LONG).close())
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": another process is listening there");
      assertThat(ask(new Command.RetryHosts(RetryFilter.ALL))).isPresent();
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> open(file, LONG).close()).hasMessage(file + ": is not a socket");
    assertThat(file).hasContent("mine");
    Files.delete(file);
  }

  @Test
  void aCrawlDirectoryMayHaveALongPath() throws IOException {
    Path deep = dir.resolve("x".repeat(100)).resolve("ü".repeat(60));
    Files.createDirectories(deep);
    List<Path> before = linksInTmp();
    try (ControlSocket _ = open(deep.resolve("control.sock"), LONG)) {
      assertThat(new ControlClient(deep.resolve("control.sock")).ask(retryAll())).isPresent();
      assertThat(linksInTmp()).isEqualTo(before);
    }
    assertThat(deep).isEmptyDirectory();
  }

  @Test
  void aClientThatSaysNothingIsDroppedAndTheNextOneServed() throws IOException {
    try (ControlSocket _ = open(file, Duration.ofMillis(50));
        SocketChannel silent = connect()) {
      assertThat(ask(retryAll())).isPresent();
      assertThat(silent.read(ByteBuffer.allocate(1))).as("the end of the connection").isNegative();
    }
    assertThat(commands("dropped")).isEqualTo(1);
  }

  @Test
  void aLineThatDoesNotEndIsNotReadForEver() throws IOException {
    try (ControlSocket _ = open(file, LONG);
        SocketChannel endless = connect()) {
      ByteBuffer piece = ByteBuffer.wrap("x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(
              () -> {
                for (int sent = 0; sent < 2 * LineChannel.MAX_LINE_BYTES; sent += 64 << 10) {
                  endless.write(piece.rewind());
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(ask(retryAll())).isPresent();
    }
  }

  @Test
  void whatIsNotACommandIsRefusedInOneLine() throws IOException {
    try (ControlSocket _ = open(file, LONG)) {
      assertThat(say("{")).isEqualTo("{\"error\":\"the line is not JSON\"}");
      assertThat(say("[1]")).isEqualTo("{\"error\":\"a command is a JSON object\"}");
      assertThat(say("{\"command\":\"halt\"}")).contains("unknown command; must be ");
      assertThat(say("{\"command\":\"queue-again\",\"urls\":[{\"url\":\"ftp://a.test/\"}]}"))
          .contains("has no valid url");
      assertThat(say("{\"command\":\"queue-again\",\"urls\":[" + "{},".repeat(5000) + "{}]}"))
          .contains("error");
    }
    assertThat(commands("refused")).isEqualTo(5);
  }

  @Test
  void aStopWaitsForNoClient() throws Exception {
    ControlSocket control = open(file, LONG);
    try (SocketChannel silent = connect()) {
      control.stopIntake();
      assertThat(control.drain(Deadline.in(LONG))).isNotNull();
      control.close(); // waits at most two seconds for the thread to end
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().equals("control"));
      assertThat(silent.isOpen()).isTrue();
    }
  }

  @Test
  void eachOfItsDescriptorsHasAnOwner() throws IOException {
    file = Files.createDirectory(dir.resolve("krähen")).resolve("control.sock");
    DescriptorCensus census = new DescriptorCensus(ledger, rules, Duration.ZERO);
    int before = census.now().count(ResourceKind.ADMIN);
    try (ControlSocket _ = open(file, LONG)) {
      assertThat(census.now().strays()).isEmpty();
      assertThat(census.now().count(ResourceKind.ADMIN)).isEqualTo(before + 1);
      try (SocketChannel _ = connect()) {
        await().until(() -> census.now().count(ResourceKind.ADMIN) == before + 2);
        assertThat(census.now().strays()).as("the test's own end").hasSize(1);
      }
    }
    assertThat(census.now().count(ResourceKind.ADMIN)).isEqualTo(before);
  }

  private Optional<Reply> ask(Command command) throws IOException {
    return new ControlClient(file).ask(command);
  }

  private static Command retryAll() {
    return new Command.RetryHosts(RetryFilter.ALL);
  }

  private ControlSocket open(Path at, Duration speaksWithin) throws IOException {
    return ControlSocket.open(at, frontier, speaksWithin, rules, ledger, registry);
  }

  private double commands(String outcome) {
    return registry.counter("sluice.control.commands", "outcome", outcome).count();
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(file));
  }

  private String say(String line) throws IOException {
    try (SocketChannel client = connect();
        Selector selector = Selector.open()) {
      LineChannel lines = new LineChannel(client, selector);
      lines.write(line, Deadline.in(LONG));
      return lines.read(Deadline.in(LONG));
    }
  }

  private static Offer offer(String href) {
    return Offer.seed(Objects.requireNonNull(Url.parse(href))).onceMore();
  }

  private static void leaveADeadSocket(Path at) throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(at));
    }
    assertThat(at).exists();
  }

  private static List<Path> linksInTmp() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries.filter(Files::isSymbolicLink).sorted().toList();
    }
  }
}
