package io.sluice.parser.rules;

import com.google.re2j.Pattern;
import io.sluice.core.config.ExtractField;
import io.sluice.core.config.ExtractRule;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.PageTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compiled rules of section {@code extract}. All rules that match a page apply; if several
 * define a field of the same name, the first that finds a value supplies it. Confined to its
 * worker's thread.
 */
public final class ExtractionRules {

  /** Maximum number of values of one field. */
  static final int MAX_VALUES = 100;

  /** Maximum total length of a page's values, in characters. */
  public static final int MAX_CHARACTERS = 1 << 20;

  /** Maximum memory of a page's JSON-LD as objects, including results of a path, in bytes. */
  public static final long JSON_BYTES = 16L * RuledPage.MAX_JSON + 2L * PathResults.MAX_CHARACTERS;

  private static final Logger log = LoggerFactory.getLogger(ExtractionRules.class);

  private final List<Rule> rules;
  private final LongSupplier nanoTime;

  private ExtractionRules(List<Rule> rules, LongSupplier nanoTime) {
    this.rules = rules;
    this.nanoTime = nanoTime;
  }

  /**
   * A compiled rule.
   *
   * @param url searched for in a page's URL, in linear time; null for every URL
   */
  private record Rule(
      ExtractRule rule, @Nullable Pattern url, List<Field> fields, boolean usesXpath) {

    boolean matches(Url page) {
      return rule.matchesHost(page) && (url == null || url.matcher(page.href()).find());
    }
  }

  private record Field(ExtractField field, Selector selector, Runnable missing) {}

  /**
   * Compiles rules whose expressions were checked.
   *
   * @param missing returns, for the names of a rule and a field, an action to run for each page
   *     that the rule matches but on which it does not find the field
   */
  public static ExtractionRules compile(
      List<ExtractRule> rules, BiFunction<String, String, Runnable> missing) {
    return compile(rules, missing, System::nanoTime);
  }

  static ExtractionRules compile(
      List<ExtractRule> rules,
      BiFunction<String, String, Runnable> missing,
      LongSupplier nanoTime) {
    List<Rule> compiled = new ArrayList<>();
    for (ExtractRule rule : rules) {
      boolean xpath = false;
      List<Field> fields = new ArrayList<>();
      for (ExtractField field : rule.fields()) {
        Runnable uncounted = missing.apply(rule.name(), field.name());
        fields.add(new Field(field, Expressions.compile(field), uncounted));
        xpath |= field.language() == ExtractField.Language.XPATH;
      }
      Pattern url = rule.url() == null ? null : Pattern.compile(rule.url());
      compiled.add(new Rule(rule, url, fields, xpath));
    }
    return new ExtractionRules(List.copyOf(compiled), nanoTime);
  }

  /** The rules that match a page; each rule's pattern is evaluated once. */
  public ExtractionRules matching(Url page) {
    List<Rule> matching = rules.stream().filter(rule -> rule.matches(page)).toList();
    return new ExtractionRules(matching, nanoTime);
  }

  /** Whether there are no rules. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether a rule has an XPath, which needs a second tree. */
  public boolean useXpath() {
    return rules.stream().anyMatch(Rule::usesXpath);
  }

  /**
   * Extracts the fields of all these rules from a page.
   *
   * @param page the page's URL
   * @param source the decoded page
   * @param text the page's text without markup
   * @param tree returns the page's tree, building it at the first call; called only if an
   *     expression needs it
   */
  public Extracted extract(Url page, String source, String text, Supplier<PageTree> tree) {
    RuleTime time = new RuleTime(nanoTime);
    Harvest harvest = new Harvest(page, new RuledPage(source, text, tree, time));
    rules.forEach(harvest::take);
    return harvest.extracted();
  }

  /** The fields of one page while they are being extracted. */
  private static final class Harvest {

    private final Url url;
    private final RuledPage page;
    private final SequencedMap<String, Extracted.Field> found = new LinkedHashMap<>();
    private int left = MAX_CHARACTERS;
    private boolean cut;

    Harvest(Url url, RuledPage page) {
      this.url = url;
      this.page = page;
    }

    void take(Rule rule) {
      for (Field field : rule.fields()) {
        String name = field.field().name();
        Extracted.Field earlier = found.get(name);
        if (earlier != null && !earlier.values().isEmpty()) {
          continue;
        }
        List<Object> values = values(field);
        boolean missing = values.isEmpty();
        if (missing) {
          field.missing().run();
        }
        if (!missing || earlier == null) {
          String by = missing ? null : rule.rule().name();
          found.put(name, new Extracted.Field(values, field.field().all(), by));
        }
      }
    }

    /** The values of a field; none if its rule fails on this page or the page's time is over. */
    private List<Object> values(Field field) {
      if (page.time().isOver()) {
        cut = true;
        return List.of();
      }
      try {
        return read(field);
      } catch (RuntimeException | StackOverflowError e) {
        log.debug("field {} cannot be taken from {}", field.field().name(), url, e);
        cut = true;
        return List.of();
      }
    }

    private List<Object> read(Field field) {
      // One value more than is kept shows that there are too many.
      int most = field.field().all() ? MAX_VALUES + 1 : 1;
      List<Object> values = new ArrayList<>();
      for (Selector.Raw raw : field.selector().select(page, most)) {
        if (values.size() == MAX_VALUES || raw.text().length() > left) {
          cut = true;
          break;
        }
        Object value = FieldValues.read(raw, field.field().type(), page);
        if (value != null) {
          values.add(value);
          left -= raw.text().length();
        }
      }
      return values;
    }

    Extracted extracted() {
      return new Extracted(found, cut || page.cut());
    }
  }
}
