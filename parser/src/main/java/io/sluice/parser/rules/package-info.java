/**
 * The operator's own fields. Each worker compiles the configuration's rules once ({@link
 * io.sluice.parser.rules.ExtractionRules}). A page that a rule matches becomes a {@link
 * io.sluice.parser.rules.RuledPage}, whose tree, XPath form and JSON-LD are built when an
 * expression first needs them. A selector finds raw values, {@link
 * io.sluice.parser.rules.FieldValues} converts them to the field's type, and the result is written
 * to {@code extracted} in the page's JSON line.
 *
 * <p>Pages are hostile and rules are not: values are bounded in number and length, the tree in
 * memory, regular expressions run in linear time, and XPath has no functions beyond the standard's.
 * {@link io.sluice.parser.rules.RuleTime} limits the time of all rules on a page, and the watchdog
 * that of the whole page.
 */
@NullMarked
package io.sluice.parser.rules;

import org.jspecify.annotations.NullMarked;
