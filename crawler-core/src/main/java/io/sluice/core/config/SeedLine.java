package io.sluice.core.config;

import io.sluice.core.config.Format.Read;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Url;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A seed as one line: a URL, then {@code key=value} fields, separated by blanks, such as {@code
 * https://example.org/ priority=high tag=news}. A blank in a URL must be written as {@code %20}.
 * Stateless.
 */
final class SeedLine {

  static final String URL = "url";
  static final String PRIORITY = "priority";
  static final String TAG = "tag";

  private static final List<String> FIELDS = List.of(PRIORITY, TAG);
  private static final String ALLOWED =
      "an absolute http or https URL, or a mapping of url, priority and tag";

  private SeedLine() {}

  /** The result of reading a line. */
  sealed interface Parsed {

    /** The line is a valid seed. */
    record Whole(Seed seed) implements Parsed {}

    /**
     * The line is not a valid seed.
     *
     * @param key the name of the field that is wrong: {@code seed} for the URL
     * @param value what was found, safe for a message; null if nothing was
     * @param nearest what was probably meant; null if nothing is near
     */
    record Wrong(String key, @Nullable String value, String reason, @Nullable String nearest)
        implements Parsed {

      /** The problem as a clause about the whole line. */
      String clause() {
        String part = key.equals("seed") ? "" : key + (value == null ? "" : "=" + value) + ": ";
        return part + reason + (nearest == null ? "" : "; did you mean " + nearest + "?");
      }
    }
  }

  /** The line as the value of a setting, which may be a mapping instead. */
  static Format<Seed> format() {
    return Format.<Seed>of(
            ALLOWED,
            text ->
                switch (parse(text.strip())) {
                  case Parsed.Whole(Seed seed) -> Format.value(seed);
                  case Parsed.Wrong wrong -> Format.refused(wrong.clause());
                })
        .secret();
  }

  /** Parses a line that has no blanks around it. */
  static Parsed parse(String line) {
    List<String> parts = List.of(line.split("[ \\t]+"));
    Format<Url> urls = Hosts.url();
    return switch (urls.read(parts.getFirst())) {
      case Read.Value<Url>(Url url) -> labelled(url, parts.subList(1, parts.size()));
      case Read.Refused<Url>(String reason) ->
          new Parsed.Wrong("seed", urls.echo(parts.getFirst()), reason, null);
    };
  }

  private static Parsed labelled(Url url, List<String> fields) {
    Map<String, String> given = new HashMap<>();
    for (String field : fields) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String value = equals < 0 ? null : field.substring(equals + 1);
      if (value == null || !FIELDS.contains(key)) {
        return unknown(key, value);
      }
      if (given.put(key, value) != null) {
        return new Parsed.Wrong(key, Echo.of(value), "was already given", null);
      }
    }
    return labelled(url, given.getOrDefault(PRIORITY, Priority.NORMAL.word()), given.get(TAG));
  }

  private static Parsed labelled(Url url, String priority, @Nullable String tag) {
    return switch (Texts.priority().read(priority)) {
      case Read.Refused<Priority>(String reason) ->
          new Parsed.Wrong(
              PRIORITY, Echo.of(priority), reason, Nearest.to(priority, Texts.PRIORITIES));
      case Read.Value<Priority>(Priority known) ->
          tag == null || Labels.isTag(tag)
              ? new Parsed.Whole(new Seed(url, new Labels(known, tag)))
              : new Parsed.Wrong(TAG, Echo.of(tag), "must be " + Texts.tag().allowed(), null);
    };
  }

  private static Parsed unknown(String key, @Nullable String value) {
    String reason =
        FIELDS.contains(key)
            ? "has no value: write " + key + "=…"
            : "there is no such field; only priority=… and tag=… may follow the URL, in which a"
                + " space is written %20";
    String nearest = FIELDS.contains(key) ? null : Nearest.to(key, FIELDS);
    return new Parsed.Wrong(Echo.of(key), value == null ? null : Echo.of(value), reason, nearest);
  }

  /** A seed written as a mapping; null if it is not valid, which is then reported. */
  static @Nullable Seed mapped(Section item) {
    Url url = item.optional(URL, Hosts.url());
    if (!item.isGiven(URL)) {
      item.refuse(URL, "is required: " + Hosts.url().allowed());
    }
    Priority priority = item.value(PRIORITY, Texts.priority(), Priority.NORMAL.word());
    String tag = item.optional(TAG, Texts.tag());
    return url == null ? null : new Seed(url, new Labels(priority, tag));
  }
}
