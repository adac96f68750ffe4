#!lua flags=allow-oom
-- Makes a crawl the owner of a partition, or gives its fetcher a new incarnation. An epoch is written
-- where there is none, where there was no owner, or where renew is 1; then outcomes that are gone by
-- now count as journaled.
-- KEYS owner epoch outcomes
-- ARGV identity incarnation-as-it-was incarnation dir host new-epoch renew
-- Answers owned and the epoch; or, having changed nothing, another or changed.
local owner, epoch = KEYS[1], KEYS[2]
local held = redis.call('HMGET', owner, 'identity', 'incarnation')
if held[1] and held[1] ~= ARGV[1] then return { 'another' } end
if (held[2] or '') ~= ARGV[2] then return { 'changed' } end
redis.call('HSET', owner, 'identity', ARGV[1], 'incarnation', ARGV[3], 'dir', ARGV[4], 'host', ARGV[5],
  'state', 'running')
if ARGV[7] == '1' or not held[1] or redis.call('EXISTS', epoch) == 0 then
  redis.call('SET', epoch, ARGV[6])
  local committed = tonumber(redis.call('HGET', owner, 'committed') or '0')
  redis.call('HSET', owner, 'journaled', string.format('%.0f', committed - redis.call('XLEN', KEYS[3])))
end
return { 'owned', redis.call('GET', epoch) }
