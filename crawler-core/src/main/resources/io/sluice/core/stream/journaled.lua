#!lua flags=allow-oom
-- Deletes outcomes that are journaled, and counts them: others that are gone were deleted by somebody
-- else.
-- KEYS owner outcomes    ARGV identity incarnation, then outcome ids
local held = redis.call('HMGET', KEYS[1], 'identity', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return redis.error_reply('NOTOWNER') end
local deleted = redis.call('XDEL', KEYS[2], unpack(ARGV, 3))
redis.call('HINCRBY', KEYS[1], 'journaled', deleted)
return deleted
