#!lua flags=allow-oom
-- Commits parsed pages in one step: outcomes sent, offsets recorded, pages acknowledged and deleted.
-- KEYS pages outcomes outputs epoch strikes
-- ARGV epoch group consumer slot record count, then count times: page-id k h l
-- Answers committed, stale-epoch or not-ours; only the first changes anything.
local pages, outcomes, outputs, epoch, strikes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer, slot, record, count = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
if redis.call('GET', epoch) ~= ARGV[1] then return 'stale-epoch' end
-- The same commit again: its first answer was lost.
if redis.call('HGET', outputs, slot) == record then return 'committed' end
for i = 7, 3 + 4 * count, 4 do
  local mine = redis.pcall('XPENDING', pages, group, ARGV[i], ARGV[i], 1, consumer)
  if mine.err or #mine == 0 then return 'not-ours' end
end
redis.call('HSET', outputs, slot, record)
for i = 7, 3 + 4 * count, 4 do
  local id = ARGV[i]
  redis.call('XADD', outcomes, '*', 'k', ARGV[i + 1], 'h', ARGV[i + 2], 'l', ARGV[i + 3])
  redis.call('XACK', pages, group, id)
  redis.call('XDEL', pages, id)
  redis.call('HDEL', strikes, id)
end
return 'committed'
