package io.sluice.launcher.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TakenBack;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;

/** A running crawl's reply to a {@link Command}, and its form on the control socket. */
public sealed interface Reply {

  /** Hosts were taken back, durably. */
  record Hosts(TakenBack hosts) implements Reply {}

  /** URLs were judged; the accepted ones are durably queued. */
  record Urls(OfferCounts counts) implements Reply {}

  /**
   * The command was not carried out, or it is unknown how much of it was.
   *
   * @param error the reason, in one line
   */
  record Refused(String error) implements Reply {}

  /** The reply as one line of JSON, without a line terminator. */
  default String toJson() {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      switch (this) {
        case Hosts(TakenBack(int hosts, long urls)) -> {
          json.writeNumberField("hosts", hosts);
          json.writeNumberField("urls", urls);
        }
        case Urls(var counts) -> {
          json.writeNumberField("accepted", counts.accepted());
          json.writeNumberField("seen", counts.seen());
          json.writeNumberField("refused", counts.refused());
        }
        case Refused(String error) -> json.writeStringField("error", error);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("cannot write to a string", e);
    }
    return line.toString();
  }

  /**
   * Reads a line.
   *
   * @throws IOException if the line is not a reply
   */
  static Reply parse(String line) throws IOException {
    Map<String, Long> numbers = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NUMBER_INT) {
          numbers.put(name, json.getLongValue());
        } else if (value == JsonToken.VALUE_STRING && name.equals("error")) {
          return new Refused(json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new IOException("the reply is not JSON", e);
    }
    if (numbers.containsKey("hosts")) {
      int hosts = Math.toIntExact(numbers.getOrDefault("hosts", 0L));
      return new Hosts(new TakenBack(hosts, numbers.getOrDefault("urls", 0L)));
    }
    return new Urls(
        new OfferCounts(
            numbers.getOrDefault("accepted", 0L),
            numbers.getOrDefault("seen", 0L),
            numbers.getOrDefault("refused", 0L),
            null));
  }
}
