/**
 * Files of records with checksums: a header that says what the file is, then records of length,
 * type, payload and CRC32C. The frontier's journals and checkpoints are such files;
 * docs/frontier-format.md specifies them byte by byte.
 *
 * <p>A record is appended to memory, handed to the operating system by {@code write}, where it
 * survives the process, and made durable by {@code sync}, where it survives the machine. A reader
 * distinguishes a torn tail, which a crash leaves and which is cut, from damage to durable data,
 * which must be reported.
 */
@NullMarked
package io.sluice.frontier.journal;

import org.jspecify.annotations.NullMarked;
