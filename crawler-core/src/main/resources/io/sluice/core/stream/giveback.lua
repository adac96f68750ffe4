#!lua flags=allow-oom
-- Leaves a consumer's pages to others at once: they count as idle for long. A strike that was
-- entered for a page that ran alone is taken back.
-- KEYS owner nodes pages strikes    ARGV identity node holder group consumer idle-millis alone-id
local pages, strikes, group, consumer = KEYS[3], KEYS[4], ARGV[4], ARGV[5]
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local pending = redis.pcall('XPENDING', pages, group, '-', '+', 10000, consumer)
if pending.err then return 0 end
for _, entry in ipairs(pending) do
  redis.call('XCLAIM', pages, group, consumer, 0, entry[1], 'IDLE', ARGV[6], 'JUSTID')
end
if ARGV[7] ~= '' and redis.call('HINCRBY', strikes, ARGV[7], -1) <= 0 then
  redis.call('HDEL', strikes, ARGV[7])
end
if #pending == 0 then redis.call('XGROUP', 'DELCONSUMER', pages, group, consumer) end
return #pending
