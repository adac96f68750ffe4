/** Tests of record files that are intact, torn or damaged. */
@NullMarked
package io.sluice.frontier.journal;

import org.jspecify.annotations.NullMarked;
