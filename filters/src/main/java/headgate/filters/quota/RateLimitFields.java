package headgate.filters.quota;

import headgate.filters.http.AnswerHead;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code x-ratelimit-*} fields of an answer: where the tightest of its limits stand (CONTRACT.md, section 4). */
final class RateLimitFields {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private static final AsciiString LIMIT_REQUESTS = AsciiString.cached("x-ratelimit-limit-requests");
    private static final AsciiString REMAINING_REQUESTS = AsciiString.cached("x-ratelimit-remaining-requests");
    private static final AsciiString RESET_REQUESTS = AsciiString.cached("x-ratelimit-reset-requests");
    private static final AsciiString LIMIT_TOKENS = AsciiString.cached("x-ratelimit-limit-tokens");
    private static final AsciiString REMAINING_TOKENS = AsciiString.cached("x-ratelimit-remaining-tokens");
    private static final AsciiString RESET_TOKENS = AsciiString.cached("x-ratelimit-reset-tokens");

    private RateLimitFields() {}

    /** The fields; none for what is not limited. */
    static List<AnswerHead.Field> of(Reservation reservation, long now) {
        if (reservation.count == 0) {
            return List.of();
        }
        List<AnswerHead.Field> fields = new ArrayList<>(6);
        Meter requests = tightest(reservation, false, now);
        if (requests != null) {
            add(fields, LIMIT_REQUESTS, REMAINING_REQUESTS, RESET_REQUESTS, requests, now);
        }
        Meter tokens = tightest(reservation, true, now);
        if (tokens != null) {
            add(fields, LIMIT_TOKENS, REMAINING_TOKENS, RESET_TOKENS, tokens, now);
        }
        return fields;
    }

    private static @Nullable Meter tightest(Reservation reservation, boolean tokens, long now) {
        Meter tightest = null;
        long least = Long.MAX_VALUE;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                boolean asked = tokens ? meter.unit().countsTokens() : meter.unit() == QuotaUnit.REQUESTS;
                if (asked && meter.remaining(now) < least) {
                    tightest = meter;
                    least = meter.remaining(now);
                }
            }
        }
        return tightest;
    }

    private static void add(
            List<AnswerHead.Field> fields,
            AsciiString limit,
            AsciiString remaining,
            AsciiString reset,
            Meter meter,
            long now) {
        long seconds = (meter.resetNanos(now) + SECOND_NANOS - 1) / SECOND_NANOS;
        fields.add(new AnswerHead.Field(limit, Long.toString(meter.limit())));
        fields.add(new AnswerHead.Field(remaining, Long.toString(meter.remaining(now))));
        fields.add(new AnswerHead.Field(reset, Long.toString(seconds)));
    }
}
