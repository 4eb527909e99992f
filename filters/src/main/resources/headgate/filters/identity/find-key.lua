-- Finds a key by its hash, and says which version of all keys the answer belongs to.
-- KEYS[1]: the version (text)
-- KEYS[2]: names by hash (hash table)
-- KEYS[3]: records by name (hash table)
-- ARGV[1]: the hash in hexadecimal digits, or empty to ask for the version alone
-- Answers {version or false, name or false, record or false}.
local version = redis.call('GET', KEYS[1])
local name = ARGV[1] ~= '' and redis.call('HGET', KEYS[2], ARGV[1])
return {version, name, name and redis.call('HGET', KEYS[3], name)}
