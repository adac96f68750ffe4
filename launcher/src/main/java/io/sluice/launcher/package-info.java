/** The command line, the wiring of each process, the supervisor. */
@NullMarked
package io.sluice.launcher;

import org.jspecify.annotations.NullMarked;
