/** Credit without shards, in virtual time. */
@NullMarked
package io.sluice.frontier.credit;

import org.jspecify.annotations.NullMarked;
