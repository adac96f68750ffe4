package io.sluice.core.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@link Status} from the JSON that another process serves. Stateless. */
final class StatusReader {

  private static final JsonFactory JSON = new JsonFactory();

  private StatusReader() {}

  static Status read(String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      return object(json);
    }
  }

  private static Status object(JsonParser json) throws IOException {
    Status.Builder status = Status.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      switch (json.nextToken()) {
        case START_OBJECT -> status.put(name, object(json));
        case START_ARRAY -> status.put(name, texts(json));
        case VALUE_NUMBER_INT -> status.put(name, json.getLongValue());
        case VALUE_NUMBER_FLOAT -> status.put(name, json.getDoubleValue());
        case VALUE_STRING -> status.put(name, json.getText());
        case VALUE_TRUE -> status.put(name, true);
        case VALUE_FALSE -> status.put(name, false);
        default -> {} // null, which no status has
      }
    }
    return status.build();
  }

  private static List<String> texts(JsonParser json) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token == JsonToken.VALUE_STRING) {
        texts.add(json.getText());
      } else {
        json.skipChildren();
      }
    }
    return texts;
  }
}
