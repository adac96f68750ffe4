/** Tests of commands to a running crawl. */
@NullMarked
package io.sluice.launcher.control;

import org.jspecify.annotations.NullMarked;
