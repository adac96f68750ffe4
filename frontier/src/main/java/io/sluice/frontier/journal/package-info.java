/**
 * Files of checked records: a header that says what the file is, then records of length, type,
 * payload and CRC32C. The frontier's journals and checkpoints are such files;
 * docs/frontier-format.md has them byte by byte.
 *
 * <p>A record is appended to memory, handed to the operating system by {@code write}, where it
 * survives the process, and made durable by {@code sync}, where it survives the machine. A reader
 * tells a torn tail, which is what a crash leaves and is cut, from damage to what was durable,
 * which nobody may guess away.
 */
@NullMarked
package io.sluice.frontier.journal;

import org.jspecify.annotations.NullMarked;
