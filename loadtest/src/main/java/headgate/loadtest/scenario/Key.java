package headgate.loadtest.scenario;

import java.util.Locale;

/** What a scenario can say, each with its form, its default and its meaning; every key is an option of the command too. */
public enum Key {
    PATH(Form.TEXT, "/openai/v1/chat/completions", "Path to post to, after the target's."),
    MODEL(Form.TEXT, "gpt-4o", "Model or deployment to ask."),
    STREAM(Form.FLAG, "true", "Whether answers come as events."),
    ARRIVALS(
            Form.TEXT,
            "poisson",
            "poisson, even, trace, or closed (each connection calls again when it was answered)."),
    RATE(Form.NUMBER, "20", "Calls a second."),
    RAMP_TO(Form.NUMBER, "0", "Rate at the end, reached in a straight line; 0 is no ramp."),
    BURST_RATE(Form.NUMBER, "0", "Calls a second in bursts; 0 is no bursts."),
    BURST_EVERY(Form.DURATION, "10s", "From the beginning of a burst to that of the next."),
    BURST_FOR(Form.DURATION, "1s", "How long a burst lasts."),
    TRACE(Form.TEXT, "", "File with TIMESTAMP,ContextTokens,GeneratedTokens to replay."),
    SPEED_UP(Form.NUMBER, "1", "How many times as fast the trace is replayed."),
    DURATION(Form.DURATION, "30s", "During which calls begin."),
    WARMUP(Form.DURATION, "0s", "At the beginning, whose calls are made but not measured."),
    CONNECTIONS(Form.COUNT, "256", "Connections at most; for closed arrivals exactly, or over HTTP/2 so many callers."),
    HTTP(Form.TEXT, "1.1", "1.1 or 2; 2 is agreed on by TLS, and taken for granted without."),
    PIPELINE(
            Form.COUNT,
            "0",
            "Calls under way at once on a connection; 0 is one, or for HTTP/2 as many as the target allows."),
    IDLE(Form.COUNT, "0", "Further connections that stay silent."),
    PROMPT(
            Form.DISTRIBUTION,
            "lognormal:200:0.8",
            "Prompt tokens: 200, uniform:A:B, exponential:MEAN, lognormal:MEDIAN:SIGMA."),
    OUTPUT(Form.DISTRIBUTION, "lognormal:50:0.5", "Tokens to ask for."),
    ABORT(Form.SHARE, "0", "Share of the calls whose caller leaves at a random moment."),
    ABORT_WITHIN(Form.DURATION, "1s", "The latest of these moments, after the start."),
    SLOW(Form.SHARE, "0", "Share of the calls whose caller reads slowly."),
    SLOW_EVERY(Form.DURATION, "50ms", "Time between two reads of such a caller."),
    RETRIES(Form.COUNT, "0", "Further attempts after 429, 5xx, or no connection, within the time-out."),
    HEED(
            Form.FLAG,
            "true",
            "Wait as long as retry-after advises before them; else 0.1 s, then twice as long each time."),
    TIMEOUT(Form.DURATION, "60s", "From the intended start to the answer's last byte."),
    ECHO(
            Form.FLAG,
            "true",
            "Answers must be the simulated provider's: repeat the prompt's mark, and stream each token as an event."),
    USAGE(Form.FLAG, "true", "Answers must tell their usage."),
    LATE(Form.DURATION, "10ms", "A call that begins later than this after its time is a late start."),
    LATE_SHARE(Form.SHARE, "0.01", "More late starts than this share void the run."),
    HICCUP(
            Form.NUMBER,
            "0.5",
            "The run is void if the p99 of the generator's own hiccups is more than so many times that of total."),
    BUSY_SHARE(Form.SHARE, "0.95", "A thread of the generator that is busy for more of the time voids the run."),
    ERRORS_SHARE(Form.SHARE, "0.01", "More errors than this share are a fault."),
    BACKLOG(Form.COUNT, "10000", "Calls that may wait for a connection; more void the run."),
    LOOPS(Form.COUNT, "1", "Threads of the generator."),
    SEED(Form.COUNT, "1", "Of all that is drawn at random.");

    private final Form form;
    private final String standard;
    private final String meaning;

    Key(Form form, String standard, String meaning) {
        this.form = form;
        this.standard = standard;
        this.meaning = meaning;
    }

    /** As scenarios write it: {@code burst-every}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String standard() {
        return standard;
    }

    public String meaning() {
        return meaning;
    }

    /** How the value is written, in one word. */
    public String label() {
        return form.name();
    }

    /** Fails if the value is not of this key's form, with a message for the reader. */
    void check(String value) {
        try {
            switch (form) {
                case TEXT -> {}
                case FLAG -> require(value.equals("true") || value.equals("false"), value, "true or false");
                case NUMBER -> Amount.number(value);
                case COUNT -> require(value.matches("[0-9]{1,9}"), value, "a whole number");
                case SHARE -> require(Amount.number(value) <= 1, value, "a share from 0 to 1");
                case DURATION -> Amount.duration(value);
                case DISTRIBUTION -> Distribution.parse(value, Amount::number);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(word() + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean good, String text, String what) {
        if (!good) {
            throw new IllegalArgumentException("'" + text + "' is not " + what);
        }
    }

    private enum Form {
        TEXT,
        FLAG,
        NUMBER,
        COUNT,
        SHARE,
        DURATION,
        DISTRIBUTION
    }
}
