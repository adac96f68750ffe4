package io.sluice.it.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.it.web.HostileReply.Then;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Produces the bytes of each behaviour. Immutable; large replies are computed once. */
final class HostileReplies {

  private static final String HTML = "Content-Type: text/html; charset=utf-8\r\n";
  private static final int LONG_BODY_BYTES = 256 * 1024;
  private static final int BOMB_BYTES = 4 << 20;

  /**
   * A response whose body is shorter than its Content-Length, for replies that stall, break off or
   * end early.
   */
  private static final String HALF =
      "HTTP/1.1 200 OK\r\n" + HTML + "Content-Length: 4000\r\n\r\n" + "<p>half. ".repeat(100);

  private final HostilePlan plan;
  private final byte[] longBody;
  private final byte[] bomb;
  private final byte[] chunk;
  private final byte[] interims;

  HostileReplies(HostilePlan plan) {
    this.plan = plan;
    byte[] filler = "<p>more and more of it\n".repeat(LONG_BODY_BYTES / 23).getBytes(ISO_8859_1);
    longBody = head("200 OK", HTML, filler);
    bomb = head("200 OK", HTML + "Content-Encoding: gzip\r\n", gzip(new byte[BOMB_BYTES]));
    chunk = ("4000\r\n" + "<p>endless chunk".repeat(1024) + "\r\n").getBytes(ISO_8859_1);
    interims =
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
            .repeat(300)
            .getBytes(ISO_8859_1);
  }

  static HostileReply robots() {
    String rules = "User-agent: *\nDisallow: /private/\n";
    return keep(head("200 OK", "Content-Type: text/plain\r\n", rules.getBytes(ISO_8859_1)));
  }

  static HostileReply unknown() {
    return keep(head("404 Not Found", HTML, new byte[0]));
  }

  /** A good page of a host's row: it links the next one and its leaves. */
  HostileReply row(int host, int group) {
    StringBuilder html = new StringBuilder(2048).append(title("Group " + group));
    html.append("<p>").append("Lorem ipsum. ".repeat(10 + group % 30)).append("</p>");
    if (group + 1 < plan.groups()) {
      link(html, "/s/" + (group + 1));
    }
    for (int leaf = 0; leaf < HostilePlan.LEAVES; leaf++) {
      link(html, plan.leafUrl(host, group, leaf));
    }
    link(html, "/private/" + group);
    for (int next = 2 * host + 1; group == 0 && next <= 2 * host + 2; next++) {
      if (next < plan.hosts()) {
        link(html, plan.url(next, "/s/0"));
      }
    }
    return keep(head("200 OK", HTML, html.toString().getBytes(ISO_8859_1)));
  }

  /** A good page without new links. */
  HostileReply page(int host, int group) {
    return keep(head("200 OK", HTML, body(host, group)));
  }

  /** The answer of a leaf, or of a step in the chain of redirects after it. */
  HostileReply leaf(Behaviour behaviour, int host, int group, int leaf, int step) {
    return switch (behaviour) {
      case PLAIN -> page(host, group);
      case GZIPPED -> gzipped(gzip(body(host, group)));
      case CHUNKED -> keep(chunkedHead("9\r\n<p>chunk.\r\n0\r\n\r\n"));
      case UNTIL_CLOSE -> then(ascii("HTTP/1.0 200 OK\r\n" + HTML + "\r\n<p>old."), Then.CLOSE);
      case RESET_AT_ONCE, SLAMMED -> then(new byte[0], Then.RESET);
      case RESET_IN_HEAD -> then(ascii("HTTP/1.1 200 OK\r\nContent-"), Then.RESET);
      case RESET_IN_BODY -> then(ascii(HALF), Then.RESET);
      case CLOSED_AT_ONCE -> then(new byte[0], Then.CLOSE);
      case STALL_IN_HEAD -> then(ascii("HTTP/1.1 200 OK\r\nContent-"), Then.HOLD);
      case STALL_IN_BODY -> then(ascii(HALF), Then.HOLD);
      case STALL_IN_CHUNK -> then(chunkedHead("1000\r\n<p>a part of it"), Then.HOLD);
      case SILENT -> then(new byte[0], Then.HOLD);
      case DRIP -> then(ascii(HALF), Then.DRIP);
      case LONG_BODY -> keep(longBody);
      case ENDLESS_BODY -> new HostileReply(chunkedHead(""), Then.POUR, chunk);
      case BOMB -> keep(bomb);
      case LONG_HEAD -> keep(ascii("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"));
      case ENDLESS_INTERIMS -> new HostileReply(new byte[0], Then.POUR, interims);
      case GARBAGE, SWITCHED_PROTOCOL, BAD_CHUNK_SIZE, NEGATIVE_LENGTH, TWO_LENGTHS, BOTH_LENGTHS ->
          malformed(behaviour);
      case SHORT_BODY -> then(ascii(HALF), Then.CLOSE);
      case TRAILING_RESPONSE -> keep(twice(page(host, group).bytes()));
      case TRUNCATED_GZIP -> {
        byte[] whole = gzip(body(host, group));
        yield gzipped(Arrays.copyOf(whole, whole.length / 2));
      }
      case CORRUPT_GZIP -> gzipped(corrupted(gzip(body(host, group))));
      case NOWHERE -> keep(head("302 Found", HTML, body(host, group)));
      case TO_PAGE,
          TO_OTHER_HOST,
          LOOP,
          CHAIN,
          TO_FORBIDDEN_ADDRESS,
          TO_FORBIDDEN_PORT,
          TO_UNKNOWN_NAME,
          TO_MUTE_NAME ->
          redirect(group, plan.target(behaviour, host, group, leaf, step));
      case NOT_FOUND -> keep(head("404 Not Found", HTML, body(host, group)));
      case GONE -> keep(head("410 Gone", HTML, body(host, group)));
      case TOO_MANY -> keep(head("429 Too Many Requests", "Retry-After: 1\r\n", new byte[0]));
      case SERVER_ERROR -> keep(head("500 Internal Server Error", HTML, body(host, group)));
      case UNAVAILABLE -> keep(head("503 Service Unavailable", "Retry-After: 1\r\n", new byte[0]));
    };
  }

  private static HostileReply malformed(Behaviour behaviour) {
    String lengths =
        switch (behaviour) {
          case SWITCHED_PROTOCOL -> "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";
          case BAD_CHUNK_SIZE ->
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\n<p>?\r\n0\r\n\r\n";
          case NEGATIVE_LENGTH -> "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n<p>?";
          case TWO_LENGTHS ->
              "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n<p>?";
          case BOTH_LENGTHS ->
              "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
          default -> "\u0000\u0001 no such protocol\r\n\r\n\r\n";
        };
    return keep(ascii(lengths));
  }

  private static HostileReply redirect(int group, String target) {
    String status = new String[] {"301 A", "302 B", "303 C", "307 D", "308 E"}[group % 5];
    return keep(head(status, "Location: " + target + "\r\n", new byte[0]));
  }

  private byte[] body(int host, int group) {
    String text =
        title("Page of " + plan.name(host)) + "<p>" + "dolor sit amet ".repeat(group % 90);
    return text.getBytes(ISO_8859_1);
  }

  private static String title(String title) {
    return "<!DOCTYPE html><html lang=en><head><title>" + title + "</title></head><body>";
  }

  private static void link(StringBuilder html, String href) {
    html.append("<a href=\"").append(href).append("\">there</a> ");
  }

  private static byte[] chunkedHead(String begun) {
    return ascii("HTTP/1.1 200 OK\r\n" + HTML + "Transfer-Encoding: chunked\r\n\r\n" + begun);
  }

  private static HostileReply gzipped(byte[] gzip) {
    return keep(head("200 OK", HTML + "Content-Encoding: gzip\r\n", gzip));
  }

  private static byte[] corrupted(byte[] gzip) {
    Arrays.fill(gzip, gzip.length / 2, gzip.length / 2 + 8, (byte) 0x55);
    return gzip;
  }

  private static byte[] twice(byte[] bytes) {
    byte[] both = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
    return both;
  }

  private static byte[] head(String status, String fields, byte[] body) {
    byte[] head =
        ascii(
            "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + body.length + "\r\n\r\n");
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return out.toByteArray();
  }

  private static HostileReply keep(byte[] bytes) {
    return then(bytes, Then.KEEP);
  }

  private static HostileReply then(byte[] bytes, Then then) {
    return new HostileReply(bytes, then);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
