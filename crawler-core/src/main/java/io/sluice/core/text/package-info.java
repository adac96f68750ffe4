/** How Sluice spells things. */
@NullMarked
package io.sluice.core.text;

import org.jspecify.annotations.NullMarked;
