package headgate.filters.quota;

import headgate.filters.http.AnswerHead;
import headgate.filters.quota.QuotaAccount.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The books of a ledger, whatever its meters count with: every limit of an exchange is taken from, or none.
 *
 * <p>Shared by all event loops. Nothing locks where an account is known already.
 */
abstract sealed class MeteredLedger implements QuotaLedger, MeterMaker permits LocalQuotaLedger, RedisQuotaLedger {
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final long waitNanosMax;
    private final QuotaAccounts accounts;
    private final Entrance entrance;
    private final boolean passesUncounted;

    /**
     * An empty ledger.
     *
     * @param nanoClock such as {@link System#nanoTime}
     * @param waitNanosMax how long a decision may take where a meter has to ask
     * @param accountsMax how many accounts are kept at once
     * @param passesUncounted whether an exchange passes uncounted while nobody answers who keeps the count
     */
    MeteredLedger(LongSupplier nanoClock, long waitNanosMax, int accountsMax, boolean passesUncounted) {
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.waitNanosMax = waitNanosMax;
        this.accounts = new QuotaAccounts(accountsMax, this);
        this.entrance = new Entrance(accounts, passesUncounted);
        this.passesUncounted = passesUncounted;
    }

    /** Whether an exchange passes uncounted while nobody answers who keeps the count. */
    final boolean passesUncounted() {
        return passesUncounted;
    }

    @Override
    public void reserve(Reservation reservation, long requests, long tokens, long microUnits, Decision decision) {
        long now = now();
        new Admission(this, reservation, requests, tokens, microUnits, now + waitNanosMax, decision).decide(now);
    }

    @Override
    public QuotaForecast forecast(Reservation reservation, long requests, long tokens, long microUnits) {
        Forecast forecast = new Forecast(reservation, requests, tokens, microUnits, now());
        entrance.forecast(forecast, reservation, this);
        return forecast.told();
    }

    /** The way into the accounts. */
    final Entrance entrance() {
        return entrance;
    }

    @Override
    public void settle(Reservation reservation, long requests, long tokens, long microUnits) {
        if (!reservation.open()) {
            return;
        }
        long now = now();
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long real = meter.unit().of(requests, tokens, microUnits);
                meter.correct(reservation.marks[i], reservation.booked[i], real, now);
                meter.reserve(-reservation.booked[i]);
                i++;
            }
        }
        reservation.leave();
    }

    @Override
    public List<AnswerHead.Field> fields(Reservation reservation) {
        return RateLimitFields.of(reservation, now());
    }

    @Override
    public List<QuotaStanding> standings() {
        long now = now();
        List<QuotaStanding> standings = new ArrayList<>();
        for (QuotaAccount account : accounts.all()) {
            Terms terms = account.terms();
            for (Meter meter : terms.meters()) {
                standings.add(account.standing(meter, now));
            }
            if (terms.limits().concurrent() > 0) {
                standings.add(account.standingOfOpen(terms, now));
            }
        }
        return standings;
    }

    /** Shows all that may be borrowed. */
    final void eachBorrowed(Consumer<Borrowed> action) {
        for (QuotaAccount account : accounts.all()) {
            action.accept(account.slots());
            for (Meter meter : account.terms().meters()) {
                action.accept(meter);
            }
        }
    }

    /** Nanoseconds since the ledger began. */
    final long now() {
        return nanoClock.getAsLong() - startNanos;
    }
}
