# What the commands beside it share: sourced, never run. Collects what was measured as rows of $work/rows (scenario, name, round,
# metric=value ...), sums it up, and writes both as JSON to docs/benchmarks/peers-DATE, or where PEERS_RESULTS says. Wants proxies.sh.
# shellcheck shell=bash disable=SC2154
command_line="loadtest/peers/$(basename "$0")${*:+ $*}"

row() { # scenario, name, round, metric=value ...
  echo "$*" | tee -a "$work/rows" >&2
}

# Of each metric the median and its spread, and of its ratios to another name's in the same round the same: scenario, name, metric,
# median, least, most, and where there is such a ratio its median, least and most.
sums() { # name that ratios are to
  awk -v base="$1" '
    {
      for (i = 4; i <= NF; i++) {
        split($i, pair, "=")
        id = $1 " " $2 " " pair[1]
        if (!(id in count)) order[++ids] = id
        count[id]++
        value[id, $3] = pair[2]
        if ($3 + 0 > rounds) rounds = $3 + 0
      }
    }
    function figure(x) {return sprintf(x >= 1000 ? "%.0f" : "%.4g", x)}
    function spread(list, n,  i, j, t) {
      for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j - 1]; j--) {t = list[j]; list[j] = list[j - 1]; list[j - 1] = t}
      return figure((list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2) " " figure(list[1]) " " figure(list[n])
    }
    END {
      for (k = 1; k <= ids; k++) {
        id = order[k]
        split(id, part, " ")
        other = part[1] " " base " " part[3]
        n = m = 0
        for (r = 1; r <= rounds; r++) if ((id, r) in value) {
          list[++n] = value[id, r] + 0
          if (part[3] ~ /Micros$|Millis$|Bytes$|Kilobytes$|perSecond/ && part[3] !~ /ompilers/ && part[2] != base && value[other, r] + 0 > 0) ratio[++m] = value[id, r] / value[other, r]
        }
        print id, spread(list, n), (m ? spread(ratio, m) : "")
      }
    }' "$work/rows"
}

version_of() { # name
  case $1 in
    headgate) (cd "$home" && git rev-parse --short HEAD && { git diff --quiet HEAD -- conf filters proxy loadtest/src || echo changed; }) 2>/dev/null | paste -sd- ;;
    java) "${2:-$java}" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' ;;
    nginx) nginx -v 2>&1 | sed 's#.*/##' ;;
    haproxy) haproxy -v | sed -n '1s/.*version \([^ ]*\).*/\1/p' ;;
  esac
}

# Prints what came out, and writes it as JSON.
report() { # file's name, name that ratios are to
  local directory=${PEERS_RESULTS:-$home/docs/benchmarks/peers-$(date -u +%F)} sums
  sums=$(sums "$2")
  echo "$sums" | awk -v base="$2" '{printf "%-16s %-18s %-20s %8s (%s to %s)%s\n", $1, $2, $3, $4, $5, $6, (NF > 6 ? "  " $7 " (" $8 " to " $9 ") of " base : "")}'
  mkdir -p "$directory"
  {
    printf '{"date":"%s","command":"%s","headgate":"%s","jar":"%s","java":"%s","nginx":"%s","haproxy":"%s","processor":"%s","processors":%s,"kernel":"%s","ratiosTo":"%s",\n"sums":[' \
      "$(date -u +%FT%RZ)" "$command_line" "$(version_of headgate)" "$(sha256sum "$jar" | cut -c 1-12)" "$(version_of java)" "$(version_of nginx)" \
      "$(version_of haproxy)" "$(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo)" "$(nproc)" "$(uname -r)" "$2"
    echo "$sums" | awk '{
      printf "%s\n{\"scenario\":\"%s\",\"name\":\"%s\",\"metric\":\"%s\",\"median\":%s,\"least\":%s,\"most\":%s", (NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $6
      if (NF > 6) printf ",\"ratio\":%s,\"ratioLeast\":%s,\"ratioMost\":%s", $7, $8, $9
      printf "}"}'
    printf '\n],\n"rows":['
    awk '{
      printf "%s\n{\"scenario\":\"%s\",\"name\":\"%s\",\"round\":%s", (NR > 1 ? "," : ""), $1, $2, $3
      for (i = 4; i <= NF; i++) {split($i, pair, "="); printf ",\"%s\":%s", pair[1], pair[2]}
      printf "}"}' "$work/rows"
    printf '\n]}\n'
  } > "$directory/$1.json"
  echo "$directory/$1.json"
}
