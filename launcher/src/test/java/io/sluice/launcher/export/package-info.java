@NullMarked
package io.sluice.launcher.export;

import org.jspecify.annotations.NullMarked;
