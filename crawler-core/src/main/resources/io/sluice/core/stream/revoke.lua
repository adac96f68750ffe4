#!lua flags=allow-oom
-- Takes pages back from whoever holds them: neither pending nor in the stream afterwards.
-- KEYS owner pages strikes    ARGV identity incarnation group, then page ids
-- Answers 1 for each page that was still in the stream, 0 for one that was not.
local held = redis.call('HMGET', KEYS[1], 'identity', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return redis.error_reply('NOTOWNER') end
local out = {}
for i = 4, #ARGV do
  redis.call('XACK', KEYS[2], ARGV[3], ARGV[i])
  redis.call('HDEL', KEYS[3], ARGV[i])
  out[#out + 1] = redis.call('XDEL', KEYS[2], ARGV[i])
end
return out
