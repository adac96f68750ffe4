#!lua flags=allow-oom
-- Gives a page up: its header goes to the stream of the dead with a reason, its lease ends.
-- KEYS pages outcomes dead epoch strikes
-- ARGV epoch group consumer page-id reason keep, then the outcome's k h l unless no lease is known
local pages, outcomes, dead, epoch, strikes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer, id, reason, keep = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if redis.call('GET', epoch) ~= ARGV[1] then return 'stale-epoch' end
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
if ARGV[7] then
  redis.call('XADD', outcomes, '*', 'k', ARGV[7], 'h', ARGV[8], 'l', ARGV[9])
end
redis.call('XACK', pages, group, id)
redis.call('XDEL', pages, id)
redis.call('HDEL', strikes, id)
return 'committed'
