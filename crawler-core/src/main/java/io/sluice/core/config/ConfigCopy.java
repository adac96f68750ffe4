package io.sluice.core.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A config as a run used it, for tools that look at the crawl later: variables are replaced by
 * their values, and paths are absolute. The {@code redis} section is left out, whose URI may hold a
 * password. The copy is JSON, which is YAML 1.2, and {@link ConfigLoader} loads it. Stateless.
 */
public final class ConfigCopy {

  /**
   * Removed as a whole, and last: SLUICE_REDIS_URI, which the copy takes from the environment, may
   * hold a password, too.
   */
  private static final String SECRET_SECTION = "redis";

  private static final List<String> PATHS = List.of("crawl.dir", "crawl.seeds-file");

  private ConfigCopy() {}

  /**
   * Returns a copy of a valid config.
   *
   * @param file the config file, UTF-8 YAML
   * @param environment the variables that it was loaded with
   * @throws IOException if the file is no longer a config
   */
  public static String of(Path file, Map<String, String> environment) throws IOException {
    Reading reading = new Reading(Echo.of(file.toString()), environment);
    MappingNode root = YamlFile.read(file, reading);
    if (root == null) {
      throw new IOException(reading.problems().getFirst().toString());
    }
    Map<String, Object> copy = mapping(root, environment);
    for (Key key : ConfigLoader.keys()) {
      String value = key.list() ? null : environment.get(key.variable());
      if (value != null && !value.isEmpty()) {
        put(copy, key.path(), escaped(value));
      }
    }
    for (String key : PATHS) {
      if (get(copy, key) instanceof String path) {
        put(copy, key, Path.of(path).toAbsolutePath().normalize().toString());
      }
    }
    copy.remove(SECRET_SECTION);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      write(copy, json);
    }
    return text.append('\n').toString();
  }

  private static Map<String, Object> mapping(MappingNode node, Map<String, String> environment) {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      Object value = value(entry.getValueNode(), environment);
      if (value != null && entry.getKeyNode() instanceof ScalarNode key) {
        copy.put(key.getValue(), value);
      }
    }
    return copy;
  }

  /** A mapping, list or text; null for an empty value, which means the same as an absent key. */
  private static @Nullable Object value(Node node, Map<String, String> environment) {
    return switch (node) {
      case MappingNode mapping -> mapping(mapping, environment);
      case SequenceNode sequence -> {
        List<Object> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          Object value = value(item, environment);
          if (value != null) {
            items.add(value);
          }
        }
        yield items;
      }
      case ScalarNode scalar when scalar.isPlain() && scalar.getValue().isEmpty() -> null;
      case ScalarNode scalar ->
          Variables.expand(scalar.getValue(), environment)
                  instanceof Format.Read.Value<String>(var text)
              ? escaped(text)
              : scalar.getValue();
      default -> null;
    };
  }

  /** The text in a form in which the loader finds no variables. */
  private static String escaped(String text) {
    return text.replace("${", "$${");
  }

  private static void put(Map<String, Object> copy, String path, String value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      copy.put(path, value);
      return;
    }
    Object section = copy.get(path.substring(0, dot));
    Map<String, Object> below = new LinkedHashMap<>();
    if (section instanceof Map<?, ?> given) {
      given.forEach((key, old) -> below.put(String.valueOf(key), old));
    }
    put(below, path.substring(dot + 1), value);
    copy.put(path.substring(0, dot), below);
  }

  private static @Nullable Object get(Map<?, ?> copy, String path) {
    int dot = path.indexOf('.');
    Object found = copy.get(dot < 0 ? path : path.substring(0, dot));
    return dot < 0 || found == null
        ? found
        : found instanceof Map<?, ?> below ? get(below, path.substring(dot + 1)) : null;
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    switch (value) {
      case Map<?, ?> mapping -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : mapping.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          write(entry.getValue(), json);
        }
        json.writeEndObject();
      }
      case List<?> items -> {
        json.writeStartArray();
        for (Object item : items) {
          write(item, json);
        }
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }
}
