-- Says what it was given.
-- KEYS: any number; ARGV: any number.
return {#KEYS, KEYS[1], ARGV[1], false, {ARGV[2]}}
