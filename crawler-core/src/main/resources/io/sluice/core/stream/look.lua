#!lua flags=no-writes
-- Tells a fetcher whether its partition is as it left it.
-- KEYS owner epoch outcomes    ARGV identity incarnation
-- Answers the epoch, empty for none, and a word: ours; unowned (the owner or the epoch is gone);
-- another (crawl); superseded (by a later fetcher); or altered: of the outcomes that were committed,
-- some are neither there nor journaled.
local held = redis.call('HMGET', KEYS[1], 'identity', 'incarnation', 'journaled', 'committed')
local epoch = redis.call('GET', KEYS[2]) or ''
if held[1] and held[1] ~= ARGV[1] then return { epoch, 'another' } end
if held[1] and held[2] ~= ARGV[2] then return { epoch, 'superseded' } end
if not held[1] or epoch == '' then return { epoch, 'unowned' } end
local gone = tonumber(held[4] or '0') - redis.call('XLEN', KEYS[3])
return { epoch, gone == tonumber(held[3] or '0') and 'ours' or 'altered' }
