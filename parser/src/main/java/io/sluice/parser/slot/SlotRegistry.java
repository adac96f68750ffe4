package io.sluice.parser.slot;

import io.sluice.core.redis.SlotRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where it is recorded up to where a slot's files hold: the partition's hash in Redis. Commits
 * record it too, together with their pages. Calls throw {@link
 * io.sluice.core.redis.RedisLostException} where Redis does not answer.
 */
public interface SlotRegistry {

  /**
   * Records files without committing pages.
   *
   * @return false where Redis lost its data meanwhile; then nothing is recorded
   */
  boolean record(SlotRecord record);

  /** What is recorded of a slot; null where nothing is. */
  @Nullable SlotRecord recorded(String slot);
}
