package io.sluice.parser.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.core.testing.Corpora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tokenizer's test cases of html5lib-tests: each must yield the expected tokens. */
final class TokenizerConformanceTest {

  private static final int LEAST_CASES = 6_800;

  @Test
  void everyCaseOfTheCorpusGivesItsTokens() throws IOException {
    Path corpus = Corpora.path("html5lib-tokenizer");
    List<String> failures = new ArrayList<>();
    int cases = 0;
    try (Stream<Path> files = Files.list(corpus)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".test")).sorted().toList()) {
        // It expects an XML infoset, which an HTML tokenizer does not produce.
        if (file.endsWith("xmlViolation.test")) {
          continue;
        }
        for (Object test : tests(file)) {
          cases += run(file.getFileName() + ": ", asMap(test), failures);
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(cases).isGreaterThan(LEAST_CASES);
  }

  private static int run(String file, Map<String, Object> test, List<String> failures) {
    boolean escaped = Boolean.TRUE.equals(test.get("doubleEscaped"));
    String input = preprocessed(unescaped(text(test.get("input")), escaped));
    List<Object> states = asList(test.getOrDefault("initialStates", List.of("Data state")));
    List<Object> expected = asList(unescapedAll(test.get("output"), escaped));
    for (Object state : states) {
      RecordedTokens tokens = new RecordedTokens();
      tokenize(input, text(state), text(test.getOrDefault("lastStartTag", "")), tokens);
      if (!tokens.tokens().equals(expected)) {
        failures.add(
            file + state + ": " + input + "\n  not " + expected + "\n  but " + tokens.tokens());
      }
    }
    return states.size();
  }

  private static void tokenize(String input, String state, String last, RecordedTokens into) {
    Tokenizer tokenizer = new Tokenizer(into.tag());
    switch (state) {
      case "Data state" -> tokenizer.run(input, into);
      case "RCDATA state" -> tokenizer.run(input, TextType.RCDATA, last, into);
      case "RAWTEXT state" -> tokenizer.run(input, TextType.RAWTEXT, last, into);
      case "Script data state" -> tokenizer.run(input, TextType.SCRIPT, last, into);
      case "PLAINTEXT state" -> tokenizer.run(input, TextType.PLAINTEXT, last, into);
      case "CDATA section state" -> tokenizer.runCdata(input, into);
      default -> throw new AssertionError("unknown state " + state);
    }
  }

  /**
   * The input with its newlines normalized as the standard does (13.2.3.5); Sluice skips that step.
   */
  private static String preprocessed(String input) {
    return input.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static Object unescapedAll(@Nullable Object value, boolean escaped) {
    return switch (value) {
      case String text -> unescaped(text, escaped);
      case List<?> list -> {
        List<Object> all = new ArrayList<>();
        list.forEach(one -> all.add(unescapedAll(one, escaped)));
        yield all;
      }
      case Map<?, ?> map -> {
        Map<Object, Object> all = new LinkedHashMap<>();
        map.forEach((k, v) -> all.put(unescapedAll(k, escaped), unescapedAll(v, escaped)));
        yield all;
      }
      case null -> RecordedTokens.NULL;
      default -> value;
    };
  }

  private static String unescaped(String text, boolean escaped) {
    if (!escaped) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("\\u", i)) {
        plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
        i += 5;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }

  private static List<Object> tests(Path file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      parser.nextToken();
      return asList(asMap(read(parser)).getOrDefault("tests", List.of()));
    }
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          Object value = read(parser);
          if (value != null) {
            object.put(key, value);
          }
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser));
        }
        yield array;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  @SuppressWarnings("unchecked")
  private static List<Object> asList(@Nullable Object value) {
    return (List<Object>) java.util.Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(@Nullable Object value) {
    return (Map<String, Object>) java.util.Objects.requireNonNull(value);
  }

  private static String text(@Nullable Object value) {
    return (String) java.util.Objects.requireNonNull(value);
  }
}
