-- Replaces the record of one key, if it is still the one that the change was made for.
-- KEYS[1]: the version (text)
-- KEYS[2]: names by hash (hash table)
-- KEYS[3]: records by name (hash table)
-- ARGV[1]: the name
-- ARGV[2]: the record before, empty for none
-- ARGV[3]: the record from now on, empty for none
-- ARGV[4]: the new version, different from all before it
-- ARGV[5]: how many hashes there were; they follow, and behind them those that there are from now on
-- Answers {1} when it is done, {0} when the record is another one by now.
if (redis.call('HGET', KEYS[3], ARGV[1]) or '') ~= ARGV[2] then
  return {0}
end
local after = 6 + tonumber(ARGV[5])
for i = 6, after - 1 do
  redis.call('HDEL', KEYS[2], ARGV[i])
end
for i = after, #ARGV do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[1])
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[3], ARGV[1])
else
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
end
redis.call('SET', KEYS[1], ARGV[4])
return {1}
