@NullMarked
package io.sluice.frontier.queue;

import org.jspecify.annotations.NullMarked;
