/**
 * Files of records with checksums: a header that identifies the file, then records of length, type,
 * payload and CRC32C. The frontier's journals and checkpoints are such files;
 * docs/frontier-format.md specifies them byte by byte.
 *
 * <p>A record is appended to memory, handed to the operating system by {@code write}, after which
 * it survives a crash of the process, and made durable by {@code sync}, after which it survives a
 * crash of the machine. A reader distinguishes a torn tail, which a crash leaves and which is cut,
 * from damage to durable data, which must be reported.
 */
@NullMarked
package io.sluice.frontier.journal;

import org.jspecify.annotations.NullMarked;
