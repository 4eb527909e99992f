-- Says which version each of some lists has.
-- KEYS[1]: versions by list (hash table)
-- ARGV: the names of lists
-- Answers {version or false, version or false, ...}, in the order of the names.
return redis.call('HMGET', KEYS[1], unpack(ARGV))
