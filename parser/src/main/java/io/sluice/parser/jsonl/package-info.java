/** Pages as JSON lines; docs/output-format.md explains each field. */
@NullMarked
package io.sluice.parser.jsonl;

import org.jspecify.annotations.NullMarked;
