/**
 * The parts that all outputs share: a parsed page ({@link io.sluice.parser.sink.ParsedPage}), the
 * sink that records it ({@link io.sluice.parser.sink.PageSink}), and the file that it is written
 * to, which can be cut back to the end of its committed records ({@link
 * io.sluice.parser.sink.SinkFile}).
 *
 * <p>Sinks write through {@link io.sluice.parser.sink.Members}, which compress: gzip with the JDK
 * or the system's libdeflate, or zstd. {@link io.sluice.parser.sink.Compressor} picks one.
 */
@NullMarked
package io.sluice.parser.sink;

import org.jspecify.annotations.NullMarked;
