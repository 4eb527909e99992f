package headgate.filters.quota;

import headgate.filters.http.AnswerHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a ledger where an exchange is only imagined: it decides as that one would, but nothing is reserved.
 *
 * <p>Belongs to one imagined exchange and its event loop.
 */
public final class ForecastLedger implements QuotaLedger {
    private final QuotaLedger ledger;
    private long requests;
    private long tokens;
    private long microUnits;
    private @Nullable Reservation noted;
    private @Nullable QuotaForecast forecast;

    /** In the place of this ledger. */
    public ForecastLedger(QuotaLedger ledger) {
        this.ledger = ledger;
    }

    /** What would come of the last demand; null before there was one. */
    public @Nullable QuotaForecast told() {
        return forecast;
    }

    /** A second demand of the exchange is asked about together with the first, of which nothing was reserved. */
    @Override
    public void reserve(Reservation asked, long more, long moreTokens, long moreMicroUnits, Decision decision) {
        requests += more;
        tokens += moreTokens;
        microUnits += moreMicroUnits;
        Reservation looks = new Reservation(asked.deployment, asked.principal, asked.principalLimits);
        QuotaForecast would = ledger.forecast(looks, requests, tokens, microUnits);
        noted = looks;
        forecast = would;
        if (would.refusal() == null) {
            decision.granted(asked);
        } else {
            decision.refused(asked, would.refusal());
        }
    }

    @Override
    public QuotaForecast forecast(Reservation asked, long more, long moreTokens, long moreMicroUnits) {
        return ledger.forecast(asked, more, moreTokens, moreMicroUnits);
    }

    @Override
    public void settle(Reservation reservation, long used, long usedTokens, long usedMicroUnits) {}

    @Override
    public List<AnswerHead.Field> fields(Reservation reservation) {
        return noted == null ? List.of() : ledger.fields(noted);
    }

    @Override
    public void close() {}

    @Override
    public List<QuotaStanding> standings() {
        return ledger.standings();
    }
}
