#!lua flags=allow-oom
-- Takes over pages whose consumer has not committed them for long.
-- KEYS owner nodes pages    ARGV identity node holder group consumer idle-millis cursor count
-- Answers where to go on, and the page ids.
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local taken = redis.call('XAUTOCLAIM', KEYS[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], 'COUNT', ARGV[8],
  'JUSTID')
table.insert(taken[2], 1, taken[1])
return taken[2]
