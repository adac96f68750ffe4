#!lua flags=allow-oom
-- Reads new pages for a consumer until they are many or large enough; never waits.
-- KEYS pages    ARGV group consumer max-pages max-bytes
-- Answers page-id k h b, once for each page.
local out, bytes = {}, 0
for _ = 1, tonumber(ARGV[3]) do
  local reply =
    redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
  if not reply then break end
  local entry = reply[1][2][1]
  local fields = { k = '', h = '', b = '' }
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  out[#out + 1] = entry[1]
  out[#out + 1] = fields.k
  out[#out + 1] = fields.h
  out[#out + 1] = fields.b
  bytes = bytes + #fields.k + #fields.h + #fields.b
  if bytes >= tonumber(ARGV[4]) then break end
end
return out
