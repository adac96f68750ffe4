/** Tests of how a process is set up. */
@NullMarked
package io.sluice.launcher.process;

import org.jspecify.annotations.NullMarked;
