/**
 * The workers of a parser process. Each {@link io.sluice.parser.worker.ParserWorker} is one thread
 * that owns a consumer of the pages' stream and an output slot: it reads a batch, parses and writes
 * each page, syncs the files, and commits. {@link io.sluice.parser.worker.ParserWorkers} opens and
 * stops them.
 */
@NullMarked
package io.sluice.parser.worker;

import org.jspecify.annotations.NullMarked;
