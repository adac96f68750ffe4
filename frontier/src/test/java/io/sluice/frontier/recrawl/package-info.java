@NullMarked
package io.sluice.frontier.recrawl;

import org.jspecify.annotations.NullMarked;
