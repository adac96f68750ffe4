package io.sluice.parser.language;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Turns codes of ISO 639-3 into BCP 47's tags, which take the code of two letters where there is
 * one (RFC 5646, 2.2.1), so that they compare with what pages declare. Stateless.
 */
final class LanguageTags {

  private static final Map<String, String> TAGS = tags();

  private LanguageTags() {}

  private static Map<String, String> tags() {
    Map<String, String> tags = new HashMap<>();
    for (String code : Locale.getISOLanguages()) {
      tags.putIfAbsent(Locale.of(code).getISO3Language(), code);
    }
    // Single languages of groups that pages name by the group's code.
    tags.put("cmn", "zh");
    tags.put("ekk", "et");
    tags.put("lvs", "lv");
    tags.put("pes", "fa");
    tags.put("plt", "mg");
    tags.put("zlm", "ms");
    return Map.copyOf(tags);
  }

  static String of(String code) {
    return TAGS.getOrDefault(code, code);
  }
}
