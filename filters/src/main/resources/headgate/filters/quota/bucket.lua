-- Lends a node a part of a leaky bucket: what runs out of it in a minute is its capacity.
--
-- It speaks as window.lua does, so that a node asks both alike; here the cell of a loan is the second in which it will have run out,
-- since what has is not given back. What is lent is in the bucket from then on. While it is below its capacity something is lent:
-- what is wanted as far as it fits, and at least the least, however far above that goes. Who is refused is told to wait for two minutes
-- at most, and what would take longer to run out spills then. Time is this server's alone.
--
-- KEYS[1]  hash of the bucket: e -> when it will be empty, in microseconds; b -> birth of the hash
-- ARGV[1]  not used
-- ARGV[2]  not used
-- ARGV[3]  the capacity: what runs out in a minute
-- ARGV[4]  how much is wanted
-- ARGV[5]  the least that is of use
-- ARGV[6]  not used
-- ARGV[7]  the birth that the node knows; empty when it has put nothing in that is still there
-- ARGV[8]  not used: every node knows how full it was, so whoever comes first can tell
-- ARGV[9]  microseconds until a lost bucket would have been empty, as the node knew it; 0 when none was lost
-- ARGV[10] and on, in pairs: the second in which it will have run out, what is added (below 0: taken out, as far as it has not)
--
-- Answers with: lent; its second; 0; birth; what fits until it is full; microseconds until it is below its capacity; microseconds until it is
-- empty; an empty table. Lent is -1 as in window.lua.
local key = KEYS[1]
local capacity = tonumber(ARGV[3])
local wanted, least = tonumber(ARGV[4]), tonumber(ARGV[5])
local second, minute = 1000000, 60000000

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local function number(n)
  return string.format('%.0f', n)
end

local birth = redis.call('HGET', key, 'b')
if not birth then
  birth = number(now)
  redis.call('HSET', key, 'b', birth, 'e', number(now))
  redis.call('PEXPIRE', key, minute / 1000)
end
if ARGV[7] ~= '' and ARGV[7] ~= birth then
  return {-1, 0, 0, birth, 0, 0, 0, {}}
end

local empty = math.max(now, tonumber(redis.call('HGET', key, 'e')))
empty = math.max(empty, now + tonumber(ARGV[9]))
for i = 10, #ARGV, 2 do
  local added = tonumber(ARGV[i + 1]) * minute / capacity
  local left = math.max(0, tonumber(ARGV[i]) * second - now)
  empty = math.max(now, empty + math.max(added, -left))
end

local lent = 0
local room = minute - (empty - now)
if room > 0 and wanted > 0 then
  lent = math.max(least, math.min(wanted, math.floor(room * capacity / minute)))
  empty = empty + lent * minute / capacity
elseif wanted > 0 then
  empty = math.min(empty, now + 3 * minute - second)
end
redis.call('HSET', key, 'e', number(empty))
redis.call('PEXPIRE', key, math.ceil((empty - now + minute) / 1000))

local level = empty - now
local free = math.max(0, math.floor((minute - level) * capacity / minute))
local wait = 0
if lent == 0 then
  wait = math.max(0, level - minute) + 1
end
return {lent, math.floor(empty / second), 0, birth, free, wait, level, {}}
