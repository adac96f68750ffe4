package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice parse} on files and on a small site. */
class ParseCommandTest {

  private static final String PAGE =
      "<title>Lamp</title><p class=price>EUR 12,50</p><a href='b'>next</a>";

  private static final String RULES =
      """
      crawl:
        seeds: ["http://example.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      politeness: { delay: 10ms }
      extract:
        - name: shop
          match: shop.test
          fields: { price: { css: .price, as: number }, sku: { json-ld: $.sku } }
        - name: local
          match: 127.0.0.1
          fields: { price: { css: .price, as: number } }
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private HttpServer server;

  @TempDir Path dir;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String content = pages.get(exchange.getRequestURI().getPath());
      if (content != null && content.startsWith("/")) {
        exchange.getResponseHeaders().add("Location", content);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      byte[] body = (content == null ? "gone" : content).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/html");
      exchange.sendResponseHeaders(content == null ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private int parse(String... words) {
    String[] line = new String[words.length + 1];
    line[0] = "parse";
    System.arraycopy(words, 0, line, 1, words.length);
    return SluiceCommand.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(line);
  }

  private String json() {
    return out.toString().replaceAll("\\s+", " ");
  }

  @Test
  void aFileIsParsedAtTheUrlThatItIsGiven() throws IOException {
    Path rules = Files.writeString(dir.resolve("rules.yaml"), RULES);
    Path page = Files.writeString(dir.resolve("page.html"), PAGE);
    assertThat(parse(page.toString(), "--url", "https://shop.test/a", "-c", rules.toString()))
        .as(err.toString())
        .isZero();
    assertThat(json())
        .contains("\"url\" : \"https://shop.test/a\"", "\"title\" : \"Lamp\"")
        .contains("\"url\" : \"https://shop.test/b\"")
        .contains("\"extracted\" : { \"price\" : 12.50, \"sku\" : null }")
        .contains("\"extracted_by\" : { \"price\" : \"shop\" }");
  }

  @Test
  void aFileNeedsNoConfigAndMaySayItsType() throws IOException {
    Path page = Files.writeString(dir.resolve("page.dat"), PAGE);
    assertThat(parse(page.toString(), "--type", "text/plain")).as(err.toString()).isZero();
    assertThat(json()).contains("\"content_type\" : \"text/plain\"", "\"title\" : null");
  }

  @Test
  void aPageIsCutWhereAParserProcessWithTheHeapOfTheConfigCutsIt() throws IOException {
    String tight = RULES + "parser: { heap: 100 MiB, threads: 1, max-inflated: 8 MiB }\n";
    Path rules = Files.writeString(dir.resolve("rules.yaml"), tight);
    Path page = Files.writeString(dir.resolve("page.txt"), "word ".repeat(1 << 20));
    assertThat(parse(page.toString(), "--type", "text/plain", "-c", rules.toString()))
        .as(err.toString())
        .isZero();
    assertThat(json()).contains("\"truncated\" : [ \"inflated\"");
    assertThat(err.toString())
        .contains("sluice: parser.heap=100 MiB lowers ", "parser.max-inflated 8 MiB -> ")
        .hasLineCount(1);
  }

  @Test
  void aUrlIsFetchedThroughItsRedirects() throws IOException {
    Path rules = Files.writeString(dir.resolve("rules.yaml"), RULES);
    pages.put("/old", "/new");
    pages.put("/new", PAGE);
    assertThat(parse(url("/old"), "-c", rules.toString())).as(err.toString()).isZero();
    assertThat(json())
        .contains("\"url\" : \"" + url("/new") + "\"", "\"redirects\" : [ \"" + url("/old"))
        .contains("\"attempt\" : 1,")
        .contains("\"extracted_by\" : { \"price\" : \"local\" }");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aRedirectThatACrawlWouldNotFollowIsToldOf() throws IOException {
    Path rules =
        Files.writeString(dir.resolve("rules.yaml"), RULES + "scope: { exclude: [/new] }\n");
    pages.put("/old", "/new");
    pages.put("/new", PAGE);
    assertThat(parse(url("/old"), "-c", rules.toString())).as(err.toString()).isZero();
    assertThat(err.toString())
        .startsWith("sluice: " + url("/new") + ": a crawl would not follow the redirect to it: ")
        .hasLineCount(1);
  }

  @Test
  void anErrorPageIsShownWithItsStatus() {
    assertThat(parse(url("/missing"))).as(err.toString()).isZero();
    assertThat(json()).contains("\"status\" : 404", "\"text\" : \"gone\"");
  }

  @Test
  void robotsAreObeyedAndTheKeyIsNamed() {
    pages.put("/robots.txt", "User-agent: *\nDisallow: /private\n");
    pages.put("/private", PAGE);
    assertThat(parse(url("/private"))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "sluice: %s: was not fetched: robots-disallow (politeness.robots)\n"
                .formatted(url("/private")));
  }

  @Test
  void aRedirectToASpecialAddressIsRefused() {
    pages.put("/out", "//127.0.0.2/");
    assertThat(parse(url("/out"))).isEqualTo(1);
    assertThat(err.toString()).contains("http://127.0.0.2/: was not fetched: ").hasLineCount(1);
  }

  @Test
  void aUrlOfOthersNeedsAContact() throws IOException {
    assertThat(parse("https://docs.python.org/")).isEqualTo(1);
    assertThat(err.toString()).contains("--contact is required").hasLineCount(1);
    Path placeholder =
        Files.writeString(
            dir.resolve("rules.yaml"), RULES.replace("tests@sluice.test", "me@example.org"));
    assertThat(parse("https://docs.python.org/", "-c", placeholder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("cannot reach you there");
  }

  @Test
  void mistakesAreOneLineEach() throws IOException {
    Path broken =
        Files.writeString(
            dir.resolve("rules.yaml"), RULES.replace("css: .price", "css: '.price['"));
    assertThat(parse("missing.yaml")).isEqualTo(1);
    assertThat(parse("docs.example.org/a")).isEqualTo(1);
    assertThat(parse(dir.toString())).isEqualTo(1);
    assertThat(parse("https://", "--contact", "a@b.test")).isEqualTo(1);
    assertThat(parse("https://user:secret@a.test/")).isEqualTo(1);
    assertThat(parse(url("/"), "--url", "https://a.test/")).isEqualTo(1);
    assertThat(parse(broken.toString(), "-c", broken.toString())).isEqualTo(1);
    assertThat(err.toString().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("sluice: missing.yaml: there is no such file"),
            line -> assertThat(line).contains("for a URL, write https://docs.example.org/a"),
            line -> assertThat(line).contains("is a directory, but must be a file"),
            line -> assertThat(line).contains("https://: is not a URL: "),
            line -> assertThat(line).contains("has a user name or password"),
            line -> assertThat(line).contains("--url and --type are allowed with a FILE only"),
            line -> assertThat(line).contains("rules.yaml:8: extract[0].fields.price.css=.price["),
            line -> assertThat(line).contains("rules.yaml:11: extract[1].fields.price.css"));
    assertThat(err.toString()).doesNotContain("secret");
  }
}
