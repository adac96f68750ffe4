/** The parser worker: from a page in Redis to files and an outcome. */
@NullMarked
package io.sluice.parser;

import org.jspecify.annotations.NullMarked;
