/**
 * The language that a page's text seems to be in, by Apache OpenNLP's detector and its model of 103
 * languages ({@link io.sluice.parser.language.LanguageDetector}). Nothing of it is loaded unless
 * the configuration asks for it.
 */
@NullMarked
package io.sluice.parser.language;

import org.jspecify.annotations.NullMarked;
