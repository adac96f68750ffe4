@NullMarked
package io.sluice.core.members;

import org.jspecify.annotations.NullMarked;
