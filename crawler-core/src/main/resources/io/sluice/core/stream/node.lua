#!lua flags=allow-oom
-- Claims a node's name: whoever holds it alone reads and commits as that node.
-- KEYS nodes    ARGV node holder holder-known-to-be-dead
-- Answers who holds it now.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and held ~= ARGV[2] and held ~= ARGV[3] then return held end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return ARGV[2]
