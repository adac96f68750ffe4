/**
 * One YAML file, typed and validated as a whole.
 *
 * <p>{@link io.sluice.core.config.ConfigLoader} reads the file into nodes that know their lines
 * ({@code YamlFile}), and {@code Schema} reads every key in turn: each call names the key, its
 * bounds and its default, and so declares it. {@code Section} answers from the environment, the
 * file or the default, in this order, and reports what is wrong; a key that was never read is
 * unknown. The result is a {@link io.sluice.core.config.SluiceConfig} or the whole list of {@link
 * io.sluice.core.config.Problem problems}.
 *
 * <p>To add a key: a component in its settings record, a line in {@code Schema}, one in
 * config/crawler.yaml, one in the test that pins the defaults.
 */
@NullMarked
package io.sluice.core.config;

import org.jspecify.annotations.NullMarked;
