#!lua flags=no-writes
-- Lists the leases in a stream, without their payloads.
-- KEYS stream    ARGV after-id count
-- Answers entry-id k, once for each entry.
local out = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])) do
  local k = ''
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'k' then k = entry[2][i + 1] end
  end
  out[#out + 1] = entry[1]
  out[#out + 1] = k
end
return out
