package headgate.filters.quota;

import headgate.filters.quota.Lender.Demand;
import headgate.filters.quota.Lender.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts against a limit that all nodes share, by spending what was lent to this one.
 *
 * <p>A loan is used within the cell it is booked in, by clocks that err on the safe side: it begins for us after it began
 * there, and ends before. In the last part of a loan the next one is asked for, as large as what was used of late, so that
 * nobody waits; what was not used is given back. Spending locks nothing; turning from one loan to the next does, for a
 * moment.
 */
final class SharedMeter extends Meter {
    /** Sixty that lie behind, and the one in progress. */
    static final int CELLS = 61;

    /** What is left of a loan's time when the next one is asked for. */
    private static final double EARLY = 0.3;
    /** Below this part of what is used in a loan's time, more is asked for. */
    private static final double LOW = 0.25;
    /** Demand varies: more is asked for than was used. */
    private static final double MARGIN = 1.25;

    private final String name;
    private final long cellNanos;
    private final long loanNanos;
    private final Lender lender;
    private final LongSupplier clock;
    private final LoanBook book = new LoanBook();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final List<Waiter> waiters = new ArrayList<>();

    private volatile Loan current = Loan.NONE;
    private volatile @Nullable Loan next;
    private volatile LastOffer known;
    private volatile String birth = "";
    /** What one loan's time uses, of late. */
    private volatile double pace;

    private record Waiter(long amount, Runnable then) {}

    /**
     * A meter of one limit.
     *
     * @param name the limit's, the same on all nodes
     * @param loanNanos how long a loan lasts at most
     * @param clock the ledger's
     */
    SharedMeter(
            QuotaUnit unit,
            long limit,
            String name,
            long cellNanos,
            long loanNanos,
            Lender lender,
            LongSupplier clock) {
        super(unit, limit);
        this.name = name;
        this.cellNanos = cellNanos;
        this.loanNanos = Math.min(loanNanos, cellNanos);
        this.lender = lender;
        this.clock = clock;
        this.known = LastOffer.none(limit);
    }

    @Override
    long tryTake(long amount, long now) {
        Loan loan = loanAt(now);
        if (loan == null || !loan.tryTake(amount)) {
            return NOTHING;
        }
        long rest = loan.untilNanos - now;
        boolean late = rest < loanNanos * EARLY;
        if (late ? next == null : loan.left() < pace * LOW) {
            borrowMore(loan, late, rest, now);
        }
        return loan.cell;
    }

    @Override
    Refill refill(long amount, long now, Runnable then) {
        if (known.refuses(amount, now)) {
            return Refill.NONE_LEFT;
        }
        if (!lender.up(name)) {
            return Refill.AWAY;
        }
        long needed = 0;
        synchronized (waiters) {
            waiters.add(new Waiter(amount, then));
            for (Waiter waiter : waiters) {
                needed = Math.min(limit(), needed + waiter.amount);
            }
        }
        // Where the next loan is there already, it is only about the moment until that begins.
        ask(false, next == null ? Math.max(needed, (long) (pace * MARGIN)) : needed, amount);
        return Refill.LATER;
    }

    @Override
    long take(long amount, long now) {
        long mark = tryTake(amount, now);
        if (mark != NOTHING) {
            return mark;
        }
        long cell = cellAt(now);
        book.correct(cell, amount);
        return cell;
    }

    @Override
    void giveBack(long mark, long amount) {
        correct(mark, amount, 0, clock.getAsLong());
    }

    @Override
    long book(long mark, long amount, long now) {
        return mark;
    }

    @Override
    void correct(long mark, long booked, long real, long now) {
        Loan loan = loanAt(now);
        if (loan != null && real < booked && loan.cell == mark && loan.tryGiveBack(booked - real)) {
            return;
        }
        if (loan != null && real > booked && loan.tryTake(real - booked)) {
            return;
        }
        book.correct(real > booked ? cellAt(now) : mark, real - booked);
    }

    @Override
    long used(long now) {
        Loan loan = loanAt(now);
        return Math.max(0, limit() - known.offer().free() - (loan == null ? 0 : loan.left()));
    }

    @Override
    long waitNanos(long amount, long now) {
        return Math.max(1, known.waitUntil(amount) - now);
    }

    @Override
    long resetNanos(long now) {
        return Math.max(0, known.atNanos() + known.offer().resetNanos() - now);
    }

    @Override
    boolean neverFits(long amount) {
        return unit() != QuotaUnit.UTILIZATION && amount > limit();
    }

    /** Gives back what nobody uses, and tells what was settled. */
    @Override
    void tick(long now) {
        loanAt(now);
        if (book.hasPending() && lender.up(name)) {
            ask(false, 0, 1);
        }
    }

    /** Before anybody has to wait: for the next cell, or for what is left of this one. */
    private void borrowMore(Loan loan, boolean late, long rest, long now) {
        if (known.refuses(1, now)) {
            return;
        }
        boolean ahead = late && loan.endsWithCell;
        double share = late ? 1 : (double) rest / loanNanos;
        ask(ahead, (long) Math.ceil(pace * MARGIN * share), 1);
    }

    /** The loan that can be used now; null when there is none. */
    private @Nullable Loan loanAt(long now) {
        Loan loan = current;
        if (loan.covers(now)) {
            return loan;
        }
        Loan following = next;
        if (now >= loan.untilNanos && (loan != Loan.NONE || following != null)) {
            turn(loan, following, now);
        }
        loan = current;
        return loan.covers(now) ? loan : null;
    }

    private synchronized void turn(Loan over, @Nullable Loan following, long now) {
        if (current != over || next != following) {
            return;
        }
        if (over != Loan.NONE) {
            end(over);
            current = Loan.NONE;
        }
        if (following != null && now >= following.fromNanos) {
            current = following;
            next = null;
        }
    }

    private void end(Loan over) {
        long left = over.close();
        book.correct(over.cell, -left);
        double used = over.lent() - left;
        pace = used > pace ? used : (pace + used) / 2;
    }

    /** Asks, unless an answer is on its way; who waits is told by that one, and asks again. */
    private void ask(boolean ahead, long wanted, long least) {
        if (asking.compareAndSet(false, true)) {
            send(ahead, Math.min(limit(), wanted), least, book.takePending());
        }
    }

    private void send(boolean ahead, long wanted, long least, Map<Long, Long> corrections) {
        long sent = clock.getAsLong();
        Demand demand = new Demand(name, unit(), limit(), cellNanos, CELLS, wanted, least, ahead, birth, corrections);
        lender.ask(demand).whenComplete((offer, failure) -> {
            if (offer == null) {
                book.untold(corrections);
                answered();
            } else if (offer.lent() < 0) {
                birth = offer.birth();
                send(ahead, wanted, least, unit() == QuotaUnit.UTILIZATION ? corrections : book.anew(corrections));
            } else {
                birth = offer.birth();
                book.told(corrections, offer.cell(), offer.lent(), offer.cell() - CELLS);
                take(offer, sent, ahead, wanted);
                answered();
            }
        });
    }

    /** Everything may be used only later than it began there, and until earlier than it ends there. */
    private synchronized void take(Offer offer, long sent, boolean ahead, long wanted) {
        long now = clock.getAsLong();
        long rest = cellNanos - offer.overNanos();
        known = new LastOffer(now, ahead ? offer.cell() - 1 : offer.cell(), offer, wanted > 0 && offer.lent() == 0);
        if (offer.lent() == 0) {
            return;
        }
        if (ahead) {
            Loan planned = next;
            if (planned != null) {
                book.correct(planned.cell, -planned.close());
            }
            next = new Loan(offer.cell(), now + rest, sent + rest + loanNanos, offer.lent(), loanNanos == cellNanos);
            return;
        }
        long until = sent + Math.min(rest, loanNanos);
        Loan had = current;
        if (had.cell == offer.cell() && had.left() > 0) {
            current = had.grown(offer.lent(), Math.max(had.untilNanos, until), rest <= loanNanos);
        } else {
            if (had != Loan.NONE) {
                end(had);
            }
            current = new Loan(offer.cell(), now, until, offer.lent(), rest <= loanNanos);
        }
    }

    /** Whoever comes to wait after the list was taken must be able to ask, so asking ends before. */
    private void answered() {
        asking.set(false);
        List<Waiter> told;
        synchronized (waiters) {
            told = List.copyOf(waiters);
            waiters.clear();
        }
        told.forEach(waiter -> waiter.then.run());
    }

    /** The cell in progress there, as far as can be told; what is booked in it is corrected by what is known later. */
    private long cellAt(long now) {
        LastOffer last = known;
        return last.cell() + (now - last.atNanos()) / cellNanos;
    }
}
