-- One request, the same each time: BENCH_BODY names the file with its body.
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
local body = file:read("*a")
file:close()
wrk.method = "POST"
wrk.path = "/openai/v1/chat/completions"
wrk.body = body
wrk.headers["content-type"] = "application/json"
wrk.headers["api-key"] = "bench-key-of-the-caller"
done = function(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
  io.write(string.format("requests %d errors %d\n", summary.requests, bad))
end
