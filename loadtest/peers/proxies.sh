# What the commands beside it share: sourced, never run. Starts Headgate, nginx and HAProxy, one worker each, in front of one provider;
# ends them with the command. Wants $home and $here; leaves ${port[NAME]}, ${pid[NAME]} and ${key[NAME]} behind.
# shellcheck shell=bash disable=SC2154,SC2034
work=$(mktemp -d)
java=${HEADGATE_JAVA:-java}
jar=$home/proxy/target/headgate.jar
flags=(-XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  -Dio.netty.jfr.enabled=false -Dio.netty.allocator.lowMemory=false)
pids=()
trap 'for each in "${pids[@]}"; do kill "$each" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"' EXIT
ticks=$(getconf CLK_TCK)
constant=19192
redis=19193
declare -A pid=() key=() port=([headgate]=19181 [nginx]=19182 [haproxy]=19183 [haproxy-1m]=19184
  [headgate-redis]=19185 [headgate-filter]=19186 [headgate-two-loops]=19187 [headgate-uring]=19188 [provider]=19191)
ulimit -n "$(ulimit -Hn)"

# A sum over a process and its children, where nginx works: of the CPU time so far, in clock ticks ...
cpu_of() {
  local total=0 each
  for each in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null || true); do
    total=$((total + $(awk '{print $14 + $15}' "/proc/$each/stat")))
  done
  echo "$total"
}

# ... of that of the compilers of a Java machine ...
compilers_of() {
  cat "/proc/$1"/task/*/stat 2>/dev/null | awk '/\(C[12] Compiler/ {sub(/^.*\) /, ""); ticks += $12 + $13} END {print ticks + 0}'
}

# ... and of the memory that is its own, in KiB.
memory_of() {
  local total=0 each
  for each in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null || true); do
    total=$((total + $(awk '/^RssAnon|^RssShmem/ {sum += $2} END {print sum}' "/proc/$each/status")))
  done
  echo "$total"
}

wait_for() { # port
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
    sleep 0.1
  done
  echo "nothing listens on port $1" >&2
  exit 1
}

# Nobody else may answer in its place.
refuse_if_taken() { # port
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    echo "somebody else listens on port $1" >&2
    exit 1
  fi
}

loadtest() {
  "$java" "${flags[@]}" -XX:+UseSerialGC -Xmx512m -Dheadgate.home="$home" -cp "$jar" headgate.loadtest.LoadTest \
    --key bench-key-of-the-caller --model gpt "$@"
}

start_provider() { # options: the simulated one
  "$java" "${flags[@]}" -Xmx512m -cp "$jar" headgate.loadtest.SimulatedProvider --port "${port[provider]}" "$@" > "$work/provider.log" 2>&1 &
  pids+=($!)
  wait_for "${port[provider]}"
}

start_constant() { # json or sse: a provider whose answer is always the same, so that it costs next to nothing
  if [ "$1" = json ]; then
    filled_in provider.conf $constant - > "$work/provider.conf"
    nginx -c "$work/provider.conf" 2> "$work/provider.log" &
  else
    "$java" "${flags[@]}" -XX:+UseSerialGC -Xmx64m "$here/ConstantProvider.java" $constant > "$work/provider.log" 2>&1 &
  fi
  pids+=($!)
  wait_for $constant
}

# The one that HEADGATE_TEST_REDIS names, or that is on the PATH, or that the tests have from a jar.
start_redis() {
  local program=${HEADGATE_TEST_REDIS:-$(command -v redis-server || true)} from
  if [ -z "$program" ]; then
    from=$(find ~/.m2/repository/com/github/codemonstur/embedded-redis -name '*.jar' 2>/dev/null | sort -V | tail -1)
    program=$work/redis-server
    unzip -p "${from:?there is no redis-server}" "redis-server-6.2.*-linux-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" > "$program"
    chmod +x "$program"
  fi
  "$program" --port $redis --bind 127.0.0.1 --save '' --dir "$work" > "$work/redis.log" 2>&1 &
  pid[redis]=$!
  pids+=($!)
  wait_for $redis
}

filled_in() { # configuration, port, provider's port
  sed "s#WORK#$work#g; s#PROVIDER#$3#g; s#PORT#$2#g" "$here/$1"
}

# In place of the shell that calls it, so that the process is Java's.
headgate() { # name, what it is to do with its configuration
  # shellcheck disable=SC2086
  exec env BENCH_PORT="${port[$1]}" BENCH_PROVIDER="$behind" BENCH_WORK="$work" BENCH_REDIS=$redis \
    BENCH_LOOPS="$([ "$1" = headgate-two-loops ] && echo 2 || echo 1)" \
    BENCH_TRANSPORT="$([ "$1" = headgate-uring ] && echo io_uring || echo auto)" \
    "$java" "${flags[@]}" -XX:+UseSerialGC -Xms64m -Xmx256m ${HEADGATE_JAVA_OPTS:-} -jar "$jar" "${@:2}" "$work/$1.yaml"
}

start() { # name, provider's port
  local behind=$2 words
  key[$1]=bench-key-of-the-caller
  refuse_if_taken "${port[$1]}"
  case $1 in
    headgate*)
      cat "$here/headgate.yaml" > "$work/$1.yaml"
      if [ -f "$here/$1.yaml" ] && [ "$1" != headgate ]; then
        # A thousand words of eight letters, the same each time.
        words=$(awk 'BEGIN {n = 1; for (i = 0; i < 1000; i++) {w = ""; for (c = 0; c < 8; c++) {n = (n * 16807) % 2147483647; w = w sprintf("%c", 97 + n % 26)}
          printf "%s%s", (i ? ", " : ""), w}}')
        sed "s#WORDS#$words#" "$here/$1.yaml" >> "$work/$1.yaml"
      fi
      if [ "$1" = headgate-redis ]; then
        start_redis
        key[$1]=$(headgate "$1" key add shared | grep -v '^#')
      fi
      headgate "$1" run > "$work/$1.log" 2>&1 &
      ;;
    nginx)
      filled_in nginx.conf "${port[$1]}" "$2" > "$work/nginx.conf"
      nginx -c "$work/nginx.conf" 2> "$work/nginx.err" &
      ;;
    haproxy*) # A body is looked at in one buffer, which is taken for each connection: 64 KiB, or 2 MiB for bodies of 1 MB.
      filled_in haproxy.cfg "${port[$1]}" "$2" | sed "s#BUFFER#$([ "$1" = haproxy ] && echo 65536 || echo 2097152)#" > "$work/$1.cfg"
      haproxy -f "$work/$1.cfg" 2> "$work/$1.err" &
      ;;
  esac
  pid[$1]=$!
  pids+=($!)
  wait_for "${port[$1]}"
}

stop() { # names
  local each
  for each in "$@"; do
    kill "${pid[$each]}" 2>/dev/null || true
    wait "${pid[$each]}" 2>/dev/null || true
  done
}

# Prose as it stands in a body, in messages of 1,500 bytes: scanners meet an escape or a quote every 40 bytes or so.
body() { # name, bytes of text, model first or last, further members
  local messages='' left=$2 text
  local prose='The gateway reads a request and passes it on.\n\"Who pays?\" asks the quota; \"And may it?\" the filter.\n\nNobody else looks at it. '
  while [ "$left" -gt 0 ]; do
    text=$prose
    while [ ${#text} -lt $((left < 1500 ? left : 1500)) ]; do text+=$prose; done
    messages+="${messages:+,}{\"role\":\"user\",\"content\":\"$text\"}"
    left=$((left - ${#text}))
  done
  messages="\"messages\":[$messages]$4"
  if [ "$3" = first ]; then
    printf '{"model":"gpt",%s}' "$messages" > "$work/$1"
  else
    printf '{%s,"model":"gpt"}' "$messages" > "$work/$1"
  fi
}
body json-1k-first 800 first ',"max_tokens":40'
body json-16k-last 15500 last ',"max_tokens":40'
body json-1m-last 1000000 last ',"max_tokens":40'
body sse-200-events 800 first ',"stream":true'

drive() { # name, body, seconds, connections: leaves $requests, $errors and the ticks of CPU, $cpu, $compilers and $idle, behind
  local before=() after=() is=${pid[$1]} result
  before=("$(cpu_of "$is")" "$(compilers_of "$is")" "$(awk '/^cpu / {print $5}' /proc/stat)")
  result=$(BENCH_BODY=$work/$2 BENCH_KEY=${key[$1]} wrk -t1 -c"$4" -d"${3}s" -s "$here/post.lua" "http://127.0.0.1:${port[$1]}" | grep '^requests')
  after=("$(cpu_of "$is")" "$(compilers_of "$is")" "$(awk '/^cpu / {print $5}' /proc/stat)")
  cpu=$((after[0] - before[0]))
  compilers=$((after[1] > before[1] ? after[1] - before[1] : 0))
  idle=$((after[2] - before[2]))
  read -r _ requests _ errors <<< "$result"
}

# Drives until it is as it stays: a Java machine until its compilers take less than 2 % of its CPU time for 10 s, but 20 s at least and
# a minute at most.
warm() { # name, body, connections
  local round quiet=0
  case $1 in
    headgate*)
      for round in $(seq 12); do
        drive "$1" "$2" 5 "$3"
        quiet=$((compilers * 50 < cpu ? quiet + 1 : 0))
        if [ "$round" -ge 4 ] && [ "$quiet" -ge 2 ]; then break; fi
      done
      echo "$2 $1: warm after $((round * 5)) s, compilers $((compilers * 100 / cpu)) % of its CPU time" >&2
      ;;
    *) drive "$1" "$2" 3 "$3" ;;
  esac
}
