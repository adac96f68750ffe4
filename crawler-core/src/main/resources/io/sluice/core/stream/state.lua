#!lua flags=allow-oom
-- Says how far the fetcher of a partition is.
-- KEYS owner    ARGV identity incarnation state
local held = redis.call('HMGET', KEYS[1], 'identity', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return redis.error_reply('NOTOWNER') end
return redis.call('HSET', KEYS[1], 'state', ARGV[3])
