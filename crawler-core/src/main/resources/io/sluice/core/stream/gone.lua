#!lua flags=no-writes
-- Tells which entries of a stream are there no longer: those that were read by the group and are not
-- pending. Looks at no entry, since entries are large.
-- KEYS stream epoch    ARGV epoch group, then entry ids
-- Answers 1 for each that is gone, 0 for one that is there; nothing in another epoch, in which it
-- may be gone because Redis lost it.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {} end
local last = nil
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if not groups.err then
  for _, group in ipairs(groups) do
    local fields = {}
    for i = 1, #group, 2 do fields[group[i]] = group[i + 1] end
    if fields['name'] == ARGV[2] then last = fields['last-delivered-id'] end
  end
end
local empty = redis.call('XLEN', KEYS[1]) == 0
local function parts(id) return string.match(id, '(%d+)-(%d+)') end
local function after(a, b)
  local a1, a2 = parts(a)
  local b1, b2 = parts(b)
  if a1 == b1 then return tonumber(a2) > tonumber(b2) end
  return tonumber(a1) > tonumber(b1)
end
local out = {}
for i = 3, #ARGV do
  local gone = empty
  if not gone and last and not after(ARGV[i], last) then
    gone = #redis.call('XPENDING', KEYS[1], ARGV[2], ARGV[i], ARGV[i], 1) == 0
  end
  out[#out + 1] = gone and 1 or 0
end
return out
