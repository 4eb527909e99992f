package headgate.proxy.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes heads of HTTP/2 that are well formed or nearly so, and says what must become of them. */
final class HeadMutations {
    /** What a head with a mutation may become. */
    enum Verdict {
        PASSES,
        EITHER,
        REFUSED
    }

    /**
     * One request.
     *
     * @param fields names and values in turn
     * @param verdict what must become of it; with any mutation that is refused, the whole
     */
    record Head(List<String> fields, Verdict verdict) {}

    private static final String HIDDEN = "\r\n\r\nPOST /v1/hidden HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n";
    private static final String[] LINE_ENDS = {
        "\r", "\n", "\r\n", "\0", "\r\n ", HIDDEN, "\r\ntransfer-encoding: chunked"
    };
    private static final String[] NO_NAME = {
        "", "a b", "a:b", "a\r\nb", "a\0", "\u00e9", "a,", "(a)", ":other", ":status"
    };
    private static final String[] OF_CONNECTIONS = {
        "connection: close", "connection: x-trace", "keep-alive: 1", "proxy-connection: close", "upgrade: h2c",
        "transfer-encoding: chunked", "transfer-encoding: identity", "te: gzip", "te: trailers, gzip",
                "http2-settings: AA"
    };
    private static final int PSEUDO = 8;

    private final Random random;

    HeadMutations(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** A head of a chat with a body of this length, and a trace of its own. */
    Head head(String trace, int length) {
        List<String> fields = new ArrayList<>(List.of(
                ":method", "POST", ":scheme", "http", ":path", "/openai/v1/chat/completions", ":authority", "gateway"));
        fields.addAll(List.of("api-key", TestGateway.KEY, "content-type", "application/json", "x-ms-trace", trace));
        if (random.nextInt(8) == 0) {
            // Alone, since what another mutation adds may take its place.
            return new Head(fields, missing(fields));
        }
        Verdict verdict = Verdict.PASSES;
        for (int i = random.nextInt(4); i > 0; i--) {
            Verdict one = mutate(fields, length);
            verdict = one.compareTo(verdict) > 0 ? one : verdict;
        }
        return new Head(fields, verdict);
    }

    private Verdict mutate(List<String> fields, int length) {
        return switch (random.nextInt(16)) {
            case 0 -> add(fields, Verdict.PASSES, "te", "trailers");
            case 1 -> add(fields, Verdict.PASSES, "host", random.nextBoolean() ? "gateway" : "GATEWAY");
            case 2 -> cookies(fields);
            case 3 -> add(fields, Verdict.PASSES, "x-any", "a\tb \u00e9~");
            case 4 -> add(fields, Verdict.EITHER, "x-any", random.nextBoolean() ? " a" : "a\t");
            case 5 -> add(fields, Verdict.EITHER, "content-length", Integer.toString(length));
            // One number said twice is that number (RFC 9110, section 8.6), if it goes on once.
            case 6 -> add(fields, Verdict.EITHER, "content-length", length + ", " + length);
            case 7 -> wrongLength(fields, length);
            case 8 -> repeated(fields);
            case 9 -> ended(fields);
            case 10 -> late(fields);
            case 11 -> upper(fields);
            case 12 -> ended(fields);
            case 13 -> add(fields, Verdict.REFUSED, pick(NO_NAME), "a");
            case 14 -> add(fields, Verdict.REFUSED, "host", random.nextBoolean() ? "another" : "gateway:80");
            default -> {
                String[] field = pick(OF_CONNECTIONS).split(": ", 2);
                yield add(fields, Verdict.REFUSED, field[0], field[1]);
            }
        };
    }

    private Verdict add(List<String> fields, Verdict verdict, String name, String value) {
        boolean last = random.nextBoolean();
        int pairs = Math.max(fields.size() - PSEUDO, 0) / 2;
        int at = last ? fields.size() : Math.min(PSEUDO, fields.size()) + 2 * random.nextInt(pairs + 1);
        fields.addAll(at, List.of(name, value));
        return verdict;
    }

    /** Such as browsers send them (RFC 9113, section 8.2.3). */
    private Verdict cookies(List<String> fields) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            fields.addAll(List.of("cookie", "c" + i + "=" + i));
        }
        return Verdict.PASSES;
    }

    private Verdict wrongLength(List<String> fields, int length) {
        String wrong = pick(
                Integer.toString(length + 1),
                Integer.toString(length - 1),
                length + ", " + (length + 1),
                "+" + length,
                "-" + length,
                "0x" + Integer.toHexString(length),
                "",
                length + "a",
                length + ",",
                "99999999999999999999");
        return add(fields, Verdict.REFUSED, "content-length", wrong);
    }

    private Verdict repeated(List<String> fields) {
        int at = 2 * random.nextInt(PSEUDO / 2);
        String value = random.nextBoolean() ? fields.get(at + 1) : "other";
        fields.addAll(2 * random.nextInt(PSEUDO / 2 + 1), List.of(fields.get(at), value));
        // A name that was made wrong before is wrong twice.
        return Verdict.REFUSED;
    }

    private Verdict missing(List<String> fields) {
        int at = 2 * random.nextInt(PSEUDO / 2);
        String name = fields.remove(at);
        fields.remove(at);
        // An authority may be missing where a host is there; where neither is, HTTP/1.1 would have none.
        return name.equals(":authority") ? Verdict.EITHER : Verdict.REFUSED;
    }

    private Verdict late(List<String> fields) {
        int at = 2 * random.nextInt(PSEUDO / 2);
        String name = fields.remove(at);
        fields.addAll(List.of(name, fields.remove(at)));
        return name.startsWith(":") ? Verdict.REFUSED : Verdict.EITHER;
    }

    private Verdict upper(List<String> fields) {
        int at = 2 * random.nextInt(fields.size() / 2);
        String name = fields.get(at);
        fields.set(at, name.toUpperCase(Locale.ROOT));
        return name.equals(fields.get(at)) ? Verdict.EITHER : Verdict.REFUSED;
    }

    /** A value, or a name, that would end its line in HTTP/1.1. */
    private Verdict ended(List<String> fields) {
        int at = random.nextInt(fields.size());
        String text = fields.get(at);
        int place = random.nextInt(text.length() + 1);
        fields.set(at, text.substring(0, place) + pick(LINE_ENDS) + text.substring(place));
        return Verdict.REFUSED;
    }

    private String pick(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
