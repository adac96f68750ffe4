#!lua flags=allow-oom
-- Gives a page up: its header goes to the stream of the dead with a reason, its lease ends.
-- KEYS owner nodes pages outcomes dead epoch strikes
-- ARGV identity node holder epoch group consumer page-id reason keep, then the outcome's k h l unless
-- no lease is known
local pages, outcomes, dead, epoch, strikes = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local group, consumer, id, reason, keep = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
if redis.call('GET', epoch) ~= ARGV[4] then return 'stale-epoch' end
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local mine = redis.pcall('XPENDING', pages, group, id, id, 1, consumer)
if mine.err or #mine == 0 then return 'not-ours' end
local found = redis.call('XRANGE', pages, id, id)
if #found > 0 then
  local args = { 'XADD', dead, 'MAXLEN', keep, '*', 'page', id, 'reason', reason }
  for i = 1, #found[1][2], 2 do
    if found[1][2][i] ~= 'b' then
      args[#args + 1] = found[1][2][i]
      args[#args + 1] = found[1][2][i + 1]
    end
  end
  redis.call(unpack(args))
end
if ARGV[10] then
  redis.call('HINCRBY', KEYS[1], 'committed', 1)
  redis.call('XADD', outcomes, '*', 'k', ARGV[10], 'h', ARGV[11], 'l', ARGV[12])
end
redis.call('XACK', pages, group, id)
redis.call('XDEL', pages, id)
redis.call('HDEL', strikes, id)
return 'committed'
