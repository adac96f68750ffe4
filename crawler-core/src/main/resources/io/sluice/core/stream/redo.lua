#!lua flags=allow-oom
-- Reads a consumer's own pending pages again, after one of them; never waits.
-- KEYS owner nodes pages    ARGV identity node holder group consumer after-id max-pages max-bytes
-- Answers the last id looked at, empty at the end, then page-id k h b for each page.
local pages, group, consumer = KEYS[3], ARGV[4], ARGV[5]
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local pending = redis.call('XPENDING', pages, group, '(' .. ARGV[6], '+', ARGV[7], consumer)
local out, bytes = { '' }, 0
for _, entry in ipairs(pending) do
  local id = entry[1]
  local found = redis.call('XRANGE', pages, id, id)
  if #found == 0 then
    redis.call('XACK', pages, group, id)
  else
    redis.call('XCLAIM', pages, group, consumer, 0, id, 'JUSTID')
    local fields = { k = '', h = '', b = '' }
    for i = 1, #found[1][2], 2 do fields[found[1][2][i]] = found[1][2][i + 1] end
    out[#out + 1] = id
    out[#out + 1] = fields.k
    out[#out + 1] = fields.h
    out[#out + 1] = fields.b
    bytes = bytes + #fields.k + #fields.h + #fields.b
  end
  out[1] = id
  if bytes >= tonumber(ARGV[8]) then break end
end
return out
