package headgate.proxy.telemetry;

/**
 * The table of what can be scraped: the names, types and meanings that boards and alerts are built on.
 *
 * <p>Names follow Prometheus' conventions: base units, and {@code _total} behind counters, which is left out here.
 */
public enum Metric {
    REQUESTS("headgate_requests", Type.COUNTER, "Exchanges that are over, by what was answered and what ended them."),
    FIRST_BYTE("headgate_first_byte_seconds", Type.HISTOGRAM, "From a request's head to its answer's, of an upstream."),
    BETWEEN_EVENTS("headgate_between_events_seconds", Type.HISTOGRAM, "Between two bursts of a streamed answer."),
    TOTAL("headgate_exchange_seconds", Type.HISTOGRAM, "From a request's head to its answer's last byte."),
    TOKENS("headgate_tokens", Type.COUNTER, "Tokens that upstreams reported, by kind."),
    RETRIES("headgate_retries", Type.COUNTER, "Calls made again for an exchange that was called already."),
    QUOTA_LIMIT("headgate_quota_limit", Type.GAUGE, "What a limit in use allows, in the measure of its unit."),
    QUOTA_USED("headgate_quota_used", Type.GAUGE, "What counts in a limit now, reserved and settled."),
    QUOTA_RESERVED(
            "headgate_quota_reserved",
            Type.GAUGE,
            "Of what counts in a limit, that of this node's exchanges in progress."),
    QUOTA_LEASED(
            "headgate_quota_leased",
            Type.GAUGE,
            "What this node has borrowed of a limit that nodes share, and not used yet."),
    QUOTA_FREE(
            "headgate_quota_free_seconds",
            Type.GAUGE,
            "How long until nothing counts in a limit, if nothing else came."),
    QUOTA_LEFT("headgate_quota_left", Type.GAUGE, "What a limit still has room for."),
    QUOTA_REFUSED(
            "headgate_quota_refused", Type.COUNTER, "Demands that a limit refused, or would have in shadow mode."),
    UPSTREAM_USABLE("headgate_upstream_usable", Type.GAUGE, "1 while an upstream is in use, 0 while it cools down."),
    UPSTREAM_OPEN("headgate_upstream_open_calls", Type.GAUGE, "Calls that an upstream has not ended yet."),
    UPSTREAM_CALLS("headgate_upstream_calls", Type.COUNTER, "Calls made to an upstream."),
    UPSTREAM_FAILURES("headgate_upstream_failures", Type.COUNTER, "Calls that failed, or got 429 or 5xx."),
    OPEN_EXCHANGES("headgate_open_exchanges", Type.GAUGE, "Exchanges in progress."),
    OPEN_STREAMS("headgate_open_streams", Type.GAUGE, "Event streams in progress."),
    CONNECTIONS("headgate_open_connections", Type.GAUGE, "Connections of callers."),
    HELD_BYTES("headgate_held_bytes", Type.GAUGE, "What all exchanges hold of their bodies."),
    LOOP_LAG("headgate_event_loop_lag_seconds", Type.HISTOGRAM, "How late event loops come to what is due."),
    DIRECT_MEMORY("headgate_direct_memory_bytes", Type.GAUGE, "Memory of network buffers, outside the heap."),
    HEAP("headgate_heap_bytes", Type.GAUGE, "Memory in use on the heap, with what is not collected yet."),
    REDIS_UP("headgate_redis_up", Type.GAUGE, "1 while Redis answers, 0 while it is away; absent without one."),
    READY("headgate_ready", Type.GAUGE, "1 while new callers should come here."),
    CREDENTIAL_FETCHES("headgate_credential_fetches", Type.COUNTER, "Tokens asked for upstreams, by what came of it."),
    CREDENTIAL_REFUSALS("headgate_credential_refusals", Type.COUNTER, "Tokens that an upstream did not take."),
    JUDGE_CALLS("headgate_judge_calls", Type.COUNTER, "Calls of a judge, by what came of it."),
    JUDGE_TEXTS("headgate_judge_texts", Type.COUNTER, "Texts that a judge was to decide about, by what came of it."),
    FAILED_ATTEMPTS("headgate_failed_attempts", Type.COUNTER, "Requests without a valid credential."),
    LINES_LOST("headgate_access_lines_lost", Type.COUNTER, "Access lines dropped since their writer was too slow."),
    TRACES(
            "headgate_traced_exchanges",
            Type.COUNTER,
            "Exchanges to be told to a collector of traces, by what came of it."),
    RELOADS("headgate_reloads", Type.COUNTER, "Times that the configuration was read again, by what came of it."),
    CPU("process_cpu_seconds", Type.COUNTER, "CPU time of the process."),
    START("process_start_time_seconds", Type.GAUGE, "When the process started, since 1970.");

    /** How values of a metric are to be read. */
    public enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final String family;
    private final Type type;
    private final String help;

    Metric(String family, Type type, String help) {
        this.family = family;
        this.type = type;
        this.help = help;
    }

    /** The name, without what is appended to it in samples. */
    public String family() {
        return family;
    }

    /** How its values are to be read. */
    public Type type() {
        return type;
    }

    /** What it says; one sentence, in plain ASCII. */
    public String help() {
        return help;
    }
}
