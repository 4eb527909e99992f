-- Adds items to a list, or takes them away, and gives the list another version.
-- KEYS[1]: versions by list (hash table)
-- KEYS[2]: the list's items (sorted set, all of one score)
-- ARGV[1]: the list's name
-- ARGV[2]: the new version, different from all before it
-- ARGV[3]: add or remove
-- ARGV[4] and what follows: the items
-- Answers {how many were not there before, or were there}.
local changed = 0
for i = 4, #ARGV do
  if ARGV[3] == 'add' then
    changed = changed + redis.call('ZADD', KEYS[2], 0, ARGV[i])
  else
    changed = changed + redis.call('ZREM', KEYS[2], ARGV[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return {changed}
