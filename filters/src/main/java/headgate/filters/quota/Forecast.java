package headgate.filters.quota;

import headgate.filters.api.ProxyError;
import headgate.filters.quota.QuotaAccount.Terms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A demand that only asks what would come of it: it enters no account, takes from no meter, borrows nothing.
 *
 * <p>Of a shared limit it knows what this node was told last, so Redis may decide otherwise when it is really asked.
 */
final class Forecast {
    private final Reservation reservation;
    private final long requests;
    private final long tokens;
    private final long microUnits;
    private final long now;
    private final List<QuotaForecast.Limit> limits = new ArrayList<>();
    private boolean fits = true;
    private @Nullable ProxyError full;

    Forecast(Reservation reservation, long requests, long tokens, long microUnits, long now) {
        this.reservation = reservation;
        this.requests = requests;
        this.tokens = tokens;
        this.microUnits = microUnits;
        this.now = now;
    }

    /** Looks at one of the accounts that the demand would enter. */
    void look(QuotaAccount account, Terms terms) {
        reservation.note(terms);
        for (Meter meter : terms.meters()) {
            long asked = meter.unit().of(requests, tokens, microUnits);
            add(account.standing(meter, now), asked, terms, asked == 0 || meter.hasRoom(asked, now));
        }
        if (terms.limits().concurrent() > 0) {
            QuotaStanding open = account.standingOfOpen(terms, now);
            boolean room = open.used() < open.limit();
            add(open, 1, terms, room);
            if (!room && terms.enforced() && full == null) {
                full = Refusal.full(reservation, terms);
            }
        }
    }

    /** What was found. */
    QuotaForecast told() {
        ProxyError refusal = full != null || fits ? full : Refusal.of(reservation, requests, tokens, microUnits, now);
        return new QuotaForecast(List.copyOf(limits), refusal);
    }

    private void add(QuotaStanding standing, long asked, Terms terms, boolean room) {
        limits.add(new QuotaForecast.Limit(standing, asked, terms.enforced(), room));
        fits &= room || !terms.enforced();
    }
}
