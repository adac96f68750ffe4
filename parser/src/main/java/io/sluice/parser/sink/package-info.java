/**
 * What all outputs share: a parsed page ({@link io.sluice.parser.sink.ParsedPage}), the sink that
 * records it ({@link io.sluice.parser.sink.PageSink}), and the file that a record goes to, which
 * can be cut back to where its committed records end ({@link io.sluice.parser.sink.SinkFile}).
 */
@NullMarked
package io.sluice.parser.sink;

import org.jspecify.annotations.NullMarked;
