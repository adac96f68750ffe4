#!lua flags=allow-oom
-- Leaves a consumer's pages to others at once: they count as idle for long. A strike that was
-- entered for a page that ran alone is taken back.
-- KEYS pages strikes    ARGV group consumer idle-millis alone-id
local pages, strikes, group, consumer = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local pending = redis.pcall('XPENDING', pages, group, '-', '+', 10000, consumer)
if pending.err then return 0 end
for _, entry in ipairs(pending) do
  redis.call('XCLAIM', pages, group, consumer, 0, entry[1], 'IDLE', ARGV[3], 'JUSTID')
end
if ARGV[4] ~= '' and redis.call('HINCRBY', strikes, ARGV[4], -1) <= 0 then
  redis.call('HDEL', strikes, ARGV[4])
end
if #pending == 0 then redis.call('XGROUP', 'DELCONSUMER', pages, group, consumer) end
return #pending
