#!lua flags=allow-oom
-- Lets a consumer run a page alone that was in flight when a worker died. The strike is entered
-- beforehand and taken away by the commit, so that it stays if the worker dies again.
-- KEYS owner nodes pages strikes    ARGV identity node holder group consumer page-id max-strikes
-- Answers gone, or run or poison and then k h b.
local pages, strikes = KEYS[3], KEYS[4]
local group, consumer, id = ARGV[4], ARGV[5], ARGV[6]
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local mine = redis.pcall('XPENDING', pages, group, id, id, 1, consumer)
if mine.err or #mine == 0 then return { 'gone' } end
local found = redis.call('XRANGE', pages, id, id)
if #found == 0 then
  redis.call('XACK', pages, group, id)
  redis.call('HDEL', strikes, id)
  return { 'gone' }
end
local fields = { k = '', h = '', b = '' }
for i = 1, #found[1][2], 2 do fields[found[1][2][i]] = found[1][2][i + 1] end
local verdict = 'poison'
if tonumber(redis.call('HGET', strikes, id) or '0') < tonumber(ARGV[7]) then
  verdict = 'run'
  redis.call('HINCRBY', strikes, id, 1)
  redis.call('XCLAIM', pages, group, consumer, 0, id, 'JUSTID')
end
return { verdict, fields.k, fields.h, fields.b }
