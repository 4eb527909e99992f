-- Lends a node a part of one limit over a sliding window, for use in one cell of it.
--
-- What is lent counts as spent from then on, so the sum over all nodes never exceeds the limit in any window. A loan is
-- for one cell only: what is admitted on it falls into the cell in which it is booked. Time is this server's alone. A cell takes
-- bookings from a little before it begins until as long before it ends: what is admitted may be under way for so long.
--
-- A hash that takes the place of a lost one lends nothing for a while, in which every node tells what it has booked.
--
-- KEYS[1]  hash of the limit: number of a cell (the time divided by its length) -> amount booked in it; b -> birth of the hash;
--          y -> until when it is too young to lend, in microseconds
-- ARGV[1]  length of a cell, in microseconds
-- ARGV[2]  cells that count, the one in progress included: one more than the limit's time has
-- ARGV[3]  the limit: the most that may be booked in so many cells
-- ARGV[4]  how much is wanted; half of what is free is left to other nodes,
-- ARGV[5]  the least that is of use; less is not lent
-- ARGV[6]  0 for the cell in progress, 1 for the one after it
-- ARGV[7]  the birth that the node knows; empty when it has nothing booked that counts
-- ARGV[8]  for how many microseconds a hash that is made now lends nothing; 0 when no other can have been lost
-- ARGV[9]  but for what somebody waits for: all of that is lent, if it is free
-- ARGV[10] how long before it begins a cell takes bookings, in microseconds
-- ARGV[11] and on, in pairs: number of a cell, what is added to it (below 0: given back)
--
-- Answers with: lent; number of the cell it is for; microseconds that the cell in progress has taken bookings; birth; what is left free;
-- microseconds until it is old enough to lend; microseconds until nothing counts any more, if nothing else came; and where nothing was lent, a table of pairs in order:
-- after how many microseconds something leaves the window, how much. Lent is -1 when the hash is not the one the node knows:
-- nothing was done, and the node asks again with this birth and all it has booked. It is -2 when the hash is too young.
local key = KEYS[1]
local length, cells, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, least, ahead = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local early = tonumber(ARGV[10])
local cell = math.floor((now + early) / length)
local over = now + early - cell * length
local oldest = math.floor(now / length) - cells + 1
local lifetime = math.ceil(((cells + 2) * length + early) / 1000)

local function number(n)
  return string.format('%.0f', n)
end

local grace = tonumber(ARGV[8])
local birth = redis.call('HGET', key, 'b')
local made = not birth
if made then
  birth = number(now)
  redis.call('HSET', key, 'b', birth)
  redis.call('PEXPIRE', key, lifetime)
end
local unknown = ARGV[7] ~= '' and ARGV[7] ~= birth
-- Another hash was lost, or may have been.
if (made or unknown) and now < tonumber(birth) + grace then
  redis.call('HSET', key, 'y', number(tonumber(birth) + grace))
end
if unknown then
  return {-1, cell, over, birth, 0, 0, 0, {}}
end

for i = 11, #ARGV, 2 do
  if tonumber(ARGV[i]) >= oldest then
    redis.call('HINCRBY', key, ARGV[i], ARGV[i + 1])
    redis.call('PEXPIRE', key, lifetime)
  end
end

-- What is booked now lies in the window that ends with this cell and in the one that ends with the next; what is booked
-- ahead lies in the second only, from before the next cell begins.
local endsNow, endsNext = 0, 0
local live, young = {}, 0
local booked = redis.call('HGETALL', key)
for i = 1, #booked, 2 do
  local at, amount = tonumber(booked[i]), tonumber(booked[i + 1])
  if booked[i] == 'y' then
    young = math.max(0, amount - now)
  elseif booked[i] ~= 'b' then
    if at < oldest then
      redis.call('HDEL', key, booked[i])
    else
      live[#live + 1] = {at, amount}
      if at <= cell then
        endsNow = endsNow + amount
      end
      if at > cell - cells then
        endsNext = endsNext + amount
      end
    end
  end
end
local free = limit - endsNext
if ahead == 0 then
  free = math.min(free, limit - endsNow)
end

local lent = math.max(0, math.min(free, math.max(tonumber(ARGV[9]), math.min(wanted, math.floor(free / 2)))))
if lent < least or young > 0 then
  lent = 0
end
if lent > 0 then
  redis.call('HINCRBY', key, number(cell + ahead), number(lent))
  redis.call('PEXPIRE', key, lifetime)
  live[#live + 1] = {cell + ahead, lent}
end

table.sort(live, function(a, b) return a[1] < b[1] end)
local reset, leaving = 0, {}
for _, entry in ipairs(live) do
  if entry[2] > 0 then
    reset = (entry[1] + cells) * length - now
    if lent == 0 then
      leaving[#leaving + 1] = reset
      leaving[#leaving + 1] = entry[2]
    end
  end
end
free = math.max(0, free - lent)
if young > 0 then
  lent = -2
end
return {lent, cell + ahead, over, birth, free, young, reset, leaving}
