#!lua flags=allow-oom
-- Takes pages back from whoever holds them: neither pending nor in the stream afterwards.
-- KEYS pages strikes    ARGV group, then page ids
-- Answers 1 for each page that was still in the stream, 0 for one that was not.
local out = {}
for i = 2, #ARGV do
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
  redis.call('HDEL', KEYS[2], ARGV[i])
  out[#out + 1] = redis.call('XDEL', KEYS[1], ARGV[i])
end
return out
