/**
 * A parser's identity: the name of its {@link io.sluice.parser.node.ParserNode}, which its
 * consumers, output files and records in Redis carry, and the crawl that its directory belongs to.
 */
@NullMarked
package io.sluice.parser.node;

import org.jspecify.annotations.NullMarked;
