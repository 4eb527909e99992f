-- Lists items of one list in order, from behind one of them on.
-- KEYS[1]: the list's items (sorted set, all of one score)
-- ARGV[1]: the item behind which to begin; empty for the first one
-- ARGV[2]: how many at most
-- Answers {item, item, ...}.
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
return redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])
