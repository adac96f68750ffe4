#!lua flags=allow-oom
-- Removes what a crawl keeps in a partition, unless its owner has changed since it was looked at.
-- KEYS owner, then all others    ARGV identity incarnation state, as they were; empty for none
-- Answers how many keys were removed; -1, having changed nothing, if the owner is another by now.
local held = redis.call('HMGET', KEYS[1], 'identity', 'incarnation', 'state')
for i = 1, 3 do
  if (held[i] or '') ~= ARGV[i] then return -1 end
end
return redis.call('DEL', unpack(KEYS))
