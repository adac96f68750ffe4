package io.sluice.parser.slot;

import io.sluice.core.stream.SlotRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Records the committed lengths of a slot's files in the partition's hash in Redis. Commits record
 * them too, together with their pages. Calls throw {@link io.sluice.core.redis.RedisLostException}
 * if Redis does not answer.
 */
public interface SlotRegistry {

  /**
   * Records files without committing pages.
   *
   * @return false if Redis has lost its data; then nothing is recorded
   * @throws IOException if the disk failed: the process must end
   */
  boolean record(SlotRecord record) throws IOException;

  /** The record of a slot; null if there is none. */
  @Nullable SlotRecord recorded(String slot);
}
