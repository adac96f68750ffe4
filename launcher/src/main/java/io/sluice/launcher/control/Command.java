package io.sluice.launcher.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Url;
import io.sluice.frontier.RetryFilter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command to a running crawl, and its form on the control socket. */
public sealed interface Command {

  /** Maximum number of URLs in one command. */
  int MAX_URLS = 4096;

  /** Take back hosts that were given up. */
  record RetryHosts(RetryFilter filter) implements Command {}

  /**
   * Queue finished URLs again.
   *
   * @param offers at most {@value Command#MAX_URLS}; only the tag of their labels is used
   */
  record QueueAgain(List<Offer> offers) implements Command {
    public QueueAgain {
      offers = List.copyOf(offers);
    }
  }

  /** The command as one line of JSON, without a line terminator. */
  default String toJson() {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      switch (this) {
        case RetryHosts(var filter) -> {
          json.writeStringField("command", "retry-hosts");
          write(json, "reason", filter.reason());
          write(json, "host", filter.host());
        }
        case QueueAgain(var offers) -> {
          json.writeStringField("command", "queue-again");
          json.writeArrayFieldStart("urls");
          for (Offer offer : offers) {
            write(json, offer);
          }
          json.writeEndArray();
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("cannot write to a string", e);
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, Offer offer) throws IOException {
    json.writeStartObject();
    json.writeStringField("url", offer.url().href());
    json.writeNumberField("depth", offer.depth());
    write(json, "via", offer.via());
    write(json, "tag", offer.labels().tag());
    if (!offer.redirects().isEmpty()) {
      json.writeArrayFieldStart("redirects");
      for (String redirect : offer.redirects()) {
        json.writeString(redirect);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /**
   * Reads a line.
   *
   * @throws IOException if the line is not a command; the message gives the reason without quoting
   *     the line
   */
  static Command parse(String line) throws IOException {
    String command = "";
    String reason = null;
    String host = null;
    List<Offer> offers = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "a command is a JSON object");
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "command" -> command = text(json);
          case "reason" -> reason = text(json);
          case "host" -> host = text(json);
          case "urls" -> readOffers(json, offers);
          default -> json.skipChildren();
        }
      }
      require(json.currentToken() == JsonToken.END_OBJECT, "a command is one JSON object");
    } catch (JsonProcessingException e) {
      throw new IOException("the line is not JSON", e);
    }
    return switch (command) {
      case "retry-hosts" -> new RetryHosts(new RetryFilter(reason, host));
      case "queue-again" -> new QueueAgain(offers);
      default -> throw new IOException("unknown command; must be retry-hosts or queue-again");
    };
  }

  private static void readOffers(JsonParser json, List<Offer> into) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "urls must be an array");
    while (json.nextToken() == JsonToken.START_OBJECT) {
      require(into.size() < MAX_URLS, "more than " + MAX_URLS + " URLs");
      into.add(readOffer(json));
    }
    require(json.currentToken() == JsonToken.END_ARRAY, "each element of urls must be an object");
  }

  private static Offer readOffer(JsonParser json) throws IOException {
    Url url = null;
    int depth = 0;
    String via = null;
    String tag = null;
    List<String> redirects = new ArrayList<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "url" -> url = Url.parse(text(json));
        case "depth" -> depth = depth(json);
        case "via" -> via = href(json);
        case "tag" -> tag = tag(json);
        case "redirects" -> readRedirects(json, redirects);
        default -> json.skipChildren();
      }
    }
    if (url == null) {
      throw new IOException("an element of urls has no valid url");
    }
    return new Offer(url, depth, via, redirects, new Labels(Priority.NORMAL, tag)).onceMore();
  }

  private static void readRedirects(JsonParser json, List<String> into) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "redirects must be an array");
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      into.add(href(json));
    }
  }

  private static String href(JsonParser json) throws IOException {
    Url url = Url.parse(text(json));
    if (url == null) {
      throw new IOException("via and redirects must be URLs");
    }
    return url.href();
  }

  private static int depth(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "depth must be a number");
    int depth = json.getIntValue();
    require(depth >= 0, "depth must be 0 or more");
    return depth;
  }

  private static String tag(JsonParser json) throws IOException {
    String tag = text(json);
    require(Labels.isTag(tag), "tag must be letters, digits, . _ - (64 at most)");
    return tag;
  }

  private static String text(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, "a string is missing");
    return json.getText();
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException(otherwise);
    }
  }
}
