#!lua flags=allow-oom
-- Reads new pages for a consumer until they are many or large enough; never waits.
-- KEYS owner nodes pages    ARGV identity node holder group consumer max-pages max-bytes
-- Answers page-id k h b, once for each page.
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return redis.error_reply('NOTOWNER') end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return redis.error_reply('NOTNODE') end
local out, bytes = {}, 0
for _ = 1, tonumber(ARGV[6]) do
  local reply =
    redis.call('XREADGROUP', 'GROUP', ARGV[4], ARGV[5], 'COUNT', 1, 'STREAMS', KEYS[3], '>')
  if not reply then break end
  local entry = reply[1][2][1]
  local fields = { k = '', h = '', b = '' }
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  out[#out + 1] = entry[1]
  out[#out + 1] = fields.k
  out[#out + 1] = fields.h
  out[#out + 1] = fields.b
  bytes = bytes + #fields.k + #fields.h + #fields.b
  if bytes >= tonumber(ARGV[7]) then break end
end
return out
