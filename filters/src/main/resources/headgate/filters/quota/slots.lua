-- Lends a node slots of one limit of concurrent exchanges; every question tells all that the node has, so it can be asked again.
--
-- A node's slots come back when it has not asked for the time of a lease. What is in progress counts, lent or not. When slots may
-- have been lost, or may seem to be over only since nobody could ask, each node keeps what it has and gets no more for a while, in
-- which all others tell what they have. Time is this server's alone.
--
-- KEYS[1]  hash of the limit: node -> slots|when its lease is over, in microseconds; y -> until when no more is lent
-- ARGV[1]  the node
-- ARGV[2]  the limit: the most slots of all nodes
-- ARGV[3]  how many it wants in all
-- ARGV[4]  how many exchanges it has in progress
-- ARGV[5]  how many it was lent and may still use
-- ARGV[6]  how long a lease lasts, in microseconds
-- ARGV[7]  for how many microseconds nothing more is lent when something may have been lost
-- ARGV[8]  1 when the node has just found this server again, else 0
--
-- Answers with: lent in all; what others have; microseconds until more is lent.
local key, node = KEYS[1], ARGV[1]
local limit, wanted, open, held = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local lease, grace = tonumber(ARGV[6]), tonumber(ARGV[7])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local others, own, young = 0, 0, 0
local all = redis.call('HGETALL', key)
for i = 1, #all, 2 do
  if all[i] == 'y' then
    young = tonumber(all[i + 1])
  else
    local slots, over = string.match(all[i + 1], '^(%d+)|(%d+)$')
    if all[i] == node then
      own = tonumber(slots)
    elseif tonumber(over) <= now then
      redis.call('HDEL', key, all[i])
    else
      others = others + tonumber(slots)
    end
  end
end

if held > own or ARGV[8] == '1' then
  young = math.max(young, now + grace)
  redis.call('HSET', key, 'y', string.format('%.0f', young))
end

local lent = math.min(wanted, math.max(0, limit - others))
if young > now then
  lent = math.min(wanted, held)
end
local slots = math.max(lent, open)
if slots > 0 then
  redis.call('HSET', key, node, string.format('%d|%.0f', slots, now + lease))
else
  redis.call('HDEL', key, node)
end
redis.call('PEXPIRE', key, math.ceil((lease + grace) / 1000))
return {lent, others, math.max(0, young - now)}
