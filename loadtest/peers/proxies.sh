# What the commands beside it share: sourced, never run. Starts Headgate, nginx and HAProxy, one worker each, in front of one provider;
# ends them with the command. Wants $home and $here; leaves ${port[NAME]} and ${pid[NAME]} behind.
work=$(mktemp -d)
java=${HEADGATE_JAVA:-java}
flags=(-XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  -Dio.netty.jfr.enabled=false -Dio.netty.allocator.lowMemory=false)
pids=()
trap 'for each in "${pids[@]}"; do kill "$each" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"' EXIT
ticks=$(getconf CLK_TCK)
provider=19191
declare -A port=([headgate]=19181 [nginx]=19182 [haproxy]=19183 [haproxy-1m]=19184) pid=()
ulimit -n "$(ulimit -Hn)"

# A sum over a process and its children, where nginx works: of the CPU time so far, in clock ticks ...
cpu_of() {
  local total=0 each
  for each in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null || true); do
    total=$((total + $(awk '{print $14 + $15}' "/proc/$each/stat")))
  done
  echo "$total"
}

# ... and of the memory that is its own, in KiB.
memory_of() {
  local total=0 each
  for each in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null || true); do
    total=$((total + $(awk '/^RssAnon/ {print $2}' "/proc/$each/status")))
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

loadtest() {
  "$java" "${flags[@]}" -XX:+UseSerialGC -Xmx512m -Dheadgate.home="$home" -cp "$home/proxy/target/headgate.jar" headgate.loadtest.LoadTest \
    --key bench-key-of-the-caller --model gpt "$@"
}

start_provider() { # port, options: the simulated one
  "$java" "${flags[@]}" -Xmx512m -cp "$home/proxy/target/headgate.jar" headgate.loadtest.SimulatedProvider --port "$@" > "$work/provider.log" 2>&1 &
  pids+=($!)
  wait_for "$1"
}

filled_in() { # configuration, port, provider's port
  sed "s#WORK#$work#g; s#PROVIDER#$3#g; s#PORT#$2#g" "$here/$1"
}

start() { # name, provider's port, event loops of Headgate
  case $1 in
    headgate)
      BENCH_PORT=${port[$1]} BENCH_PROVIDER=$2 BENCH_WORK=$work BENCH_LOOPS=${3:-1} "$java" "${flags[@]}" ${HEADGATE_JAVA_OPTS:-} \
        -XX:+UseSerialGC -Xms64m -Xmx256m -jar "$home/proxy/target/headgate.jar" run "$here/headgate.yaml" > "$work/$1.log" 2>&1 &
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
