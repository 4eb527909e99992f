package headgate.filters.quota;

import headgate.filters.quota.Entrance.Closed;
import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.QuotaAccount.Terms;
import headgate.filters.quota.QuotaLedger.Decision;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an exchange asks for, until it is decided: a place in every account, and room in each of their meters.
 *
 * <p>Belongs to the exchange's event loop.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /** Somebody is asked for more, who may answer later. */
    interface Question {
        /** {@code then} is called on any thread. */
        Refill ask(Runnable then);
    }

    /** All who are asked at once: when the last has answered it is decided again. */
    private final class Round implements Runnable {
        /** One more than have not answered yet, until all are asked. */
        private final AtomicInteger missing = new AtomicInteger(1);

        @Override
        public void run() {
            if (missing.decrementAndGet() == 0) {
                decision.hop(() -> decide(ledger.now()));
            }
        }
    }

    private final MeteredLedger ledger;
    private final Reservation reservation;
    /** Whether the accounts are not entered yet. */
    private final boolean first;

    private final long requests;
    private final long tokens;
    private final long microUnits;
    private final long untilNanos;
    private final Decision decision;

    private boolean decided;
    /** Null while nobody had to be asked. */
    private @Nullable Round round;

    private boolean timed;
    private boolean overdue;

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

    /** The ledger's time. */
    long now() {
        return ledger.now();
    }

    /** Decides, or has it done as soon as all who had to be asked have answered, but not after the time that it may wait. */
    void decide(long now) {
        if (decided) {
            return;
        }
        round = null;
        Refill lacking = null;
        Closed closed = null;
        try {
            closed = first && !reservation.open() ? ledger.entrance().tryEnter(this, now) : null;
            lacking = closed == null ? tryTake(now) : null;
        } catch (RuntimeException e) {
            LOG.warn("An exchange is refused, since the ledger failed", e);
            lacking = Refill.AWAY;
        }
        Round asked = round;
        if (asked != null && (lacking == Refill.LATER || (closed != null && closed.why() == null))) {
            limitWaiting(now);
            asked.run();
            return;
        }
        decided = true;
        if (closed != null && closed.why() != null) {
            decision.refused(reservation, closed.why());
        } else if (lacking == null) {
            book();
            decision.granted(reservation);
        } else {
            if (first) {
                reservation.leave();
            }
            decision.refused(
                    reservation,
                    lacking == Refill.AWAY
                            ? Refusal.unknown()
                            : Refusal.of(reservation, requests, tokens, microUnits, now));
        }
    }

    /** Asks somebody; who does not answer at once is waited for, together with all others. */
    Refill ask(Question question, long now) {
        if (overdue || now >= untilNanos) {
            return Refill.AWAY;
        }
        Round asking = round == null ? new Round() : round;
        round = asking;
        asking.missing.incrementAndGet();
        Refill refill = question.ask(asking);
        if (refill != Refill.LATER) {
            asking.missing.decrementAndGet();
        }
        return refill;
    }

    /** A question may have been asked late, and its answer may take longer than there is time left. */
    private void limitWaiting(long now) {
        if (!timed) {
            timed = true;
            CompletableFuture.delayedExecutor(untilNanos - now, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> decision.hop(() -> {
                        overdue = true;
                        decide(ledger.now());
                    }));
        }
    }

    /** Takes from all meters, or from none: then it returns what can be done, and all that lack something are asked. */
    private @Nullable Refill tryTake(long now) {
        Arrays.fill(reservation.taken, Meter.NOTHING);
        boolean all = false;
        try {
            Refill lacking = tryTakeEach(now);
            if (lacking == null) {
                takeAllTheSame(now);
                all = true;
            }
            return lacking;
        } finally {
            if (!all) {
                giveBack();
            }
        }
    }

    private @Nullable Refill tryTakeEach(long now) {
        int i = 0;
        Refill lacking = null;
        for (int a = 0; a < reservation.count; a++) {
            Terms terms = reservation.terms[a];
            for (Meter meter : terms.meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0) {
                    long mark = meter.tryTake(amount, now);
                    reservation.taken[i] = mark;
                    Refill refill = mark == Meter.NOTHING && terms.enforced() ? refill(meter, amount, now) : null;
                    if (refill != null && refill != Refill.LATER) {
                        return refill;
                    }
                    lacking = refill == null ? lacking : refill;
                }
                i++;
            }
        }
        return lacking;
    }

    /** What is to be done where nothing is left to be taken; null when it passes all the same. */
    private @Nullable Refill refill(Meter meter, long amount, long now) {
        if (meter.neverFits(amount)) {
            meter.refuse();
            return Refill.NONE_LEFT;
        }
        Refill refill = ask(then -> meter.refill(amount, now, then), now);
        if (refill == Refill.AWAY && ledger.passesUncounted()) {
            return null;
        }
        if (refill == Refill.NONE_LEFT) {
            meter.refuse();
        }
        return refill;
    }

    /** Takes from the meters in which nothing is left, and which do not refuse for that. */
    private void takeAllTheSame(long now) {
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            Terms terms = reservation.terms[a];
            for (Meter meter : terms.meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0 && reservation.taken[i] == Meter.NOTHING) {
                    reservation.taken[i] = terms.enforced() ? meter.take(amount, now) : takeUnasked(meter, amount, now);
                }
                i++;
            }
        }
    }

    /** Takes what nobody is refused, and counts if somebody would have been; where that is known later, it is taken then. */
    private long takeUnasked(Meter meter, long amount, long now) {
        Refill refill = now < untilNanos ? meter.refill(amount, now, () -> takeLater(meter, amount)) : Refill.AWAY;
        if (refill == Refill.NONE_LEFT) {
            meter.refuse();
        }
        return meter.take(refill == Refill.LATER ? 0 : amount, now);
    }

    private void takeLater(Meter meter, long amount) {
        long now = ledger.now();
        if (meter.tryTake(amount, now) == Meter.NOTHING) {
            takeUnasked(meter, amount, now);
        }
    }

    /** Gives back what was taken. */
    private void giveBack() {
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0 && reservation.taken[i] != Meter.NOTHING) {
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
