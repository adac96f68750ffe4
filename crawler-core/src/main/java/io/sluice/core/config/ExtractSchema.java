package io.sluice.core.config;

import static io.sluice.core.config.Quantities.either;

import io.sluice.core.config.ExtractField.Language;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of section {@code extract}. Stateless. */
final class ExtractSchema {

  private static final int MAX_RULES = 1_000;
  private static final int MAX_FIELDS = 100;
  private static final int MAX_EXPRESSION = 4_096;

  private static final String FIELD =
      "one of css, xpath, json-ld and regex, and any of attr, in, as, all";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

  private ExtractSchema() {}

  static List<ExtractRule> read(Section root) {
    List<Section> entries =
        root.entries("extract", "a mapping of fields, name, and match, url or both");
    if (entries.size() > MAX_RULES) {
      root.refuse("extract", "has more than 1,000 rules");
    }
    return entries.stream().map(ExtractSchema::rule).toList();
  }

  private static ExtractRule rule(Section s) {
    String match = s.optional("match", Hosts.pattern());
    String url = s.optional("url", urlPattern(s.expressions()));
    if (!s.isGiven("match") && !s.isGiven("url")) {
      s.refuseWhole("must have match (a host pattern), url (a regular expression), or both");
    }
    String name = s.optional("name", Texts.tag());
    String otherwise = match != null ? match : url != null ? url : "";
    return new ExtractRule(name == null ? otherwise : name, match, url, fields(s));
  }

  private static List<ExtractField> fields(Section rule) {
    Map<String, Section> named = rule.named("fields", FIELD);
    if (named.isEmpty() && !rule.isFaulty("fields")) {
      rule.refuse("fields", "is required: a mapping of names to " + FIELD);
    }
    if (named.size() > MAX_FIELDS) {
      rule.refuse("fields", "has more than 100 fields");
    }
    List<ExtractField> fields = new ArrayList<>();
    named.forEach(
        (name, section) -> {
          if (!NAME.matcher(name).matches()) {
            section.refuseWhole(
                "the field's name must be at most 63 letters, digits, hyphens and underscores, and"
                    + " must not begin with a digit or hyphen");
          }
          ExtractField field = field(name, section);
          if (field != null) {
            fields.add(field);
          }
        });
    return fields;
  }

  private static @Nullable ExtractField field(String name, Section s) {
    List<Language> given =
        Stream.of(Language.values()).filter(language -> s.isGiven(language.key())).toList();
    Map<Language, String> expressions = new EnumMap<>(Language.class);
    for (Language language : Language.values()) {
      String valid = s.optional(language.key(), expression(language, s.expressions()));
      if (valid != null) {
        expressions.put(language, valid);
      }
    }
    String attribute = s.optional("attr", attribute());
    boolean inHtml = s.value("in", either("html", "text"), "text");
    ExtractField.Type type = s.value("as", type(), "text");
    boolean all = s.value("all", either("true", "false"), "false");
    if (given.size() != 1) {
      s.refuseWhole("must have exactly one of css, xpath, json-ld and regex");
      return null;
    }
    Language language = given.getFirst();
    if (s.isGiven("attr") && language != Language.CSS) {
      s.refuse("attr", "is allowed with css only; in XPath write /@name");
    }
    if (s.isGiven("in") && language != Language.REGEX) {
      s.refuse("in", "is allowed with regex only; remove it");
    }
    boolean ofElements = language == Language.CSS || language == Language.XPATH;
    if (type == ExtractField.Type.HTML && (!ofElements || attribute != null)) {
      s.refuse("as", "is allowed with css and xpath only, and not with attr; use text");
    }
    String expression = expressions.get(language);
    return expression == null
        ? null
        : new ExtractField(name, language, expression, attribute, inHtml, type, all);
  }

  private static Format<String> expression(Language language, ExpressionCheck check) {
    return Format.of(
        language.words(),
        text -> {
          if (text.length() > MAX_EXPRESSION) {
            return Format.refused("is longer than " + MAX_EXPRESSION + " characters");
          }
          String problem = check.problem(language, text);
          return problem == null
              ? Format.value(text)
              : Format.refused("is not " + language.words() + ": " + Echo.sentence(problem));
        });
  }

  /** A pattern of URLs. RE2 takes linear time, whatever URLs the pages make up. */
  private static Format<String> urlPattern(ExpressionCheck check) {
    Format<String> regex = expression(Language.REGEX, check);
    return Format.of(
        regex.allowed(),
        text ->
            switch (regex.read(text)) {
              case Format.Read.Refused<String>(String reason) when Globs.looksLike(text) ->
                  Format.refused(reason + "; " + Globs.REMEDY);
              case Format.Read<String> other -> other;
            });
  }

  private static Format<String> attribute() {
    String allowed = "an attribute's name such as href";
    return Format.of(
        allowed,
        text ->
            text.matches("[A-Za-z_:][A-Za-z0-9_:.-]{0,99}")
                ? Format.value(text)
                : Format.mustBe(allowed));
  }

  private static Format<ExtractField.Type> type() {
    Map<String, ExtractField.Type> types = new LinkedHashMap<>();
    for (ExtractField.Type type : ExtractField.Type.values()) {
      types.put(type.key(), type);
    }
    String allowed = "one of " + String.join(", ", types.keySet());
    return Format.of(
        allowed,
        text -> {
          ExtractField.Type type = types.get(text);
          return type == null ? Format.mustBe(allowed) : Format.value(type);
        });
  }
}
