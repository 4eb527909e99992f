-- Lists all keys.
-- KEYS[1]: records by name (hash table)
-- Answers {name, record, name, record, ...}.
return redis.call('HGETALL', KEYS[1])
