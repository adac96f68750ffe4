@NullMarked
package io.sluice.parser.jsonl;

import org.jspecify.annotations.NullMarked;
