-- One request, the same each time: BENCH_BODY names the file with its body, BENCH_KEY is the caller's key.
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
local body = file:read("*a")
file:close()
wrk.method = "POST"
wrk.path = "/openai/v1/chat/completions"
wrk.body = body
wrk.headers["content-type"] = "application/json"
wrk.headers["api-key"] = os.getenv("BENCH_KEY")
done = function(summary, latency, requests)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("requests %d errors %d\n", summary.requests, bad))
end
