package headgate.filters.quota;

import headgate.filters.quota.Entrance.Closed;
import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.QuotaAccount.Terms;
import headgate.filters.quota.QuotaLedger.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange asks for, until it is decided: a place in every account, and room in each of their meters.
 *
 * <p>Belongs to the exchange's event loop.
 */
final class Admission {
    private final MeteredLedger ledger;
    private final Reservation reservation;
    /** Whether the accounts are not entered yet. */
    private final boolean first;

    private final long requests;
    private final long tokens;
    private final long microUnits;
    private final long untilNanos;
    private final Decision decision;

    /**
     * A demand of which nothing is decided yet.
     *
     * @param untilNanos how long it may wait for an answer, by the ledger's clock
     */
    Admission(
            MeteredLedger ledger,
            Reservation reservation,
            long requests,
            long tokens,
            long microUnits,
            long untilNanos,
            Decision decision) {
        this.ledger = ledger;
        this.reservation = reservation;
        this.first = !reservation.open();
        this.requests = requests;
        this.tokens = tokens;
        this.microUnits = microUnits;
        this.untilNanos = untilNanos;
        this.decision = decision;
    }

    Reservation reservation() {
        return reservation;
    }

    /** Whether there is time left to ask somebody. */
    boolean mayWait(long now) {
        return now < untilNanos;
    }

    /** Decides, or has it done as soon as somebody has answered. */
    void decide(long now) {
        if (first && !reservation.open()) {
            Closed closed = ledger.entrance().tryEnter(this, now);
            if (closed != null) {
                if (closed.why() != null) {
                    decision.refused(reservation, closed.why());
                }
                return;
            }
        }
        Refill refill = tryTake(now);
        if (refill == null) {
            book();
            decision.granted(reservation);
        } else if (refill != Refill.LATER) {
            if (first) {
                reservation.leave();
            }
            decision.refused(
                    reservation,
                    refill == Refill.AWAY
                            ? Refusal.unknown()
                            : Refusal.of(reservation, requests, tokens, microUnits, now));
        }
    }

    /** Decides on the loop that asked; called on any thread. */
    void decideLater() {
        decision.hop(() -> decide(ledger.now()));
    }

    /** Takes from all meters, or from none: then it returns what can be done. */
    private @Nullable Refill tryTake(long now) {
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            Terms terms = reservation.terms[a];
            for (Meter meter : terms.meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0) {
                    long mark = meter.tryTake(amount, now);
                    Refill refill = mark == Meter.NOTHING ? refill(meter, amount, terms.enforced(), now) : null;
                    if (refill != null) {
                        giveBack(i);
                        return refill;
                    }
                    reservation.taken[i] = mark == Meter.NOTHING ? meter.take(amount, now) : mark;
                }
                i++;
            }
        }
        return null;
    }

    /** What is to be done where nothing is left to be taken; null when it passes all the same. */
    private @Nullable Refill refill(Meter meter, long amount, boolean enforced, long now) {
        if (!enforced) {
            if (meter.refill(amount, now, () -> {}) == Refill.NONE_LEFT) {
                meter.refuse();
            }
            return null;
        }
        if (meter.neverFits(amount)) {
            meter.refuse();
            return Refill.NONE_LEFT;
        }
        Refill refill = mayWait(now) ? meter.refill(amount, now, this::decideLater) : Refill.AWAY;
        if (refill == Refill.AWAY && ledger.passesUncounted()) {
            return null;
        }
        if (refill == Refill.NONE_LEFT) {
            meter.refuse();
        }
        return refill;
    }

    /** Gives back what was taken before this meter. */
    private void giveBack(int before) {
        int i = 0;
        for (int a = 0; i < before; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (i < before && amount > 0) {
                    meter.giveBack(reservation.taken[i], amount);
                }
                i++;
            }
        }
    }

    /** Books what was taken, by a clock that is read after it was. */
    private void book() {
        long now = ledger.now();
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0) {
                    reservation.marks[i] = meter.book(reservation.taken[i], amount, now);
                    reservation.booked[i] += amount;
                    meter.reserve(amount);
                }
                i++;
            }
        }
    }
}
