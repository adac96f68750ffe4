@NullMarked
package io.sluice.frontier.inspect;

import org.jspecify.annotations.NullMarked;
