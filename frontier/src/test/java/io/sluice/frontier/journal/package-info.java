/** Record files, whole, torn and damaged. */
@NullMarked
package io.sluice.frontier.journal;

import org.jspecify.annotations.NullMarked;
