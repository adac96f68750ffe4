#!lua flags=allow-oom
-- Commits parsed pages in one step: outcomes sent, offsets recorded, pages acknowledged and deleted.
-- KEYS owner nodes pages outcomes outputs epoch strikes
-- ARGV identity node holder epoch group consumer slot record count, then count times: page-id k h l;
-- an entry whose k is empty has no outcome
-- Answers committed, stale-epoch or not-ours; only the first changes anything.
local pages, outcomes, outputs, epoch, strikes = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local group, consumer, slot, record, count = ARGV[5], ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
if redis.call('GET', epoch) ~= ARGV[4] then return 'stale-epoch' end
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
-- The same commit again: its first answer was lost.
if redis.call('HGET', outputs, slot) == record then return 'committed' end
local sent = 0
for i = 10, 6 + 4 * count, 4 do
  if ARGV[i + 1] ~= '' then sent = sent + 1 end
  local mine = redis.pcall('XPENDING', pages, group, ARGV[i], ARGV[i], 1, consumer)
  if mine.err or #mine == 0 then return 'not-ours' end
end
redis.call('HSET', outputs, slot, record)
redis.call('HINCRBY', KEYS[1], 'committed', sent)
for i = 10, 6 + 4 * count, 4 do
  local id = ARGV[i]
  if ARGV[i + 1] ~= '' then
    redis.call('XADD', outcomes, '*', 'k', ARGV[i + 1], 'h', ARGV[i + 2], 'l', ARGV[i + 3])
  end
  redis.call('XACK', pages, group, id)
  redis.call('XDEL', pages, id)
  redis.call('HDEL', strikes, id)
end
return 'committed'
