package headgate.filters.quota;

import headgate.filters.quota.Borrowing.Account;
import headgate.filters.quota.Borrowing.Borrower;
import headgate.filters.quota.Lender.Demand;
import headgate.filters.quota.Lender.Offer;
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
    /** Below this part of what is expected to be used, more is asked for. */
    private static final double LOW = 0.2;

    private final Account account;
    private final long loanNanos;
    private final LongSupplier clock;
    private final Runnable lost;
    private final Borrowing borrowing;
    private final Pace pace;

    private volatile Loan current = Loan.NONE;
    private volatile @Nullable Loan next;
    private volatile LastOffer known;
    private volatile long askedNanos;

    /**
     * A meter of one limit.
     *
     * @param account what all nodes know the limit by
     * @param loanNanos how long a loan lasts at most
     * @param clock the ledger's
     * @param lost run when the lender has lost its books
     */
    SharedMeter(long limit, Account account, long loanNanos, Lender lender, LongSupplier clock, Runnable lost) {
        super(account.unit(), limit);
        this.account = account;
        this.loanNanos = Math.min(loanNanos, account.cellNanos());
        this.clock = clock;
        this.lost = lost;
        this.pace = new Pace(this.loanNanos);
        this.borrowing = new Borrowing(account, lender, new Spender());
        this.known = LastOffer.none(limit);
    }

    @Override
    long tryTake(long amount, long now) {
        Loan loan = loanAt(now);
        if (loan == null || !loan.tryTake(amount)) {
            return NOTHING;
        }
        borrowEarly(loan, now);
        return loan.cell;
    }

    @Override
    Refill refill(long amount, long now, Runnable then) {
        if (known.refuses(amount, now)) {
            return Refill.NONE_LEFT;
        }
        if (!borrowing.up() || known.young(now)) {
            return Refill.AWAY;
        }
        long needed = borrowing.await(amount, then);
        // Where the next loan is there already, it is only about the time until that begins.
        Loan following = next;
        double share = following == null ? 1 : share(following.fromNanos - now);
        borrowing.ask(false, pace.expected(current.used()) * share, needed, amount);
        return Refill.LATER;
    }

    @Override
    long take(long amount, long now) {
        long mark = tryTake(amount, now);
        if (mark == NOTHING) {
            mark = cellAt(now);
            borrowing.book().correct(mark, amount);
        }
        return mark;
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
        boolean more = real > booked;
        if (loan == null
                || !(more ? loan.tryTake(real - booked) : loan.cell == mark && loan.tryGiveBack(booked - real))) {
            borrowing.book().correct(more ? cellAt(now) : mark, real - booked);
        }
    }

    @Override
    long used(long now) {
        Loan loan = loanAt(now);
        return Math.max(0, known.used(unit(), limit(), now) - (loan == null ? 0 : loan.left()));
    }

    @Override
    long leased(long now) {
        Loan loan = loanAt(now);
        Loan following = next;
        return (loan == null ? 0 : loan.left()) + (following == null ? 0 : following.left());
    }

    @Override
    long waitNanos(long amount, long now) {
        return Math.max(1, known.waitUntil(amount) - now);
    }

    @Override
    long resetNanos(long now) {
        return known.resetNanos(now);
    }

    @Override
    boolean neverFits(long amount) {
        return unit() != QuotaUnit.UTILIZATION && amount > limit();
    }

    /** Gives back what nobody uses, and tells what was settled, where no other question does. */
    @Override
    public boolean tick(long now) {
        loanAt(now);
        return borrowing.tell(now - askedNanos >= loanNanos / 2);
    }

    @Override
    public void doubt() {
        borrowing.doubt();
    }

    @Override
    public void leave() {
        borrowing.leave();
    }

    /** Before anybody has to wait: for the next cell, or for what is left of this one. Half of what is free is left to others. */
    private void borrowEarly(Loan loan, long now) {
        long rest = loan.untilNanos - now;
        boolean late = rest < loanNanos * EARLY && next == null;
        double half = known.offer().free() / 2.0;
        double wanted = Math.min(half, pace.expected(loan.used()) * (late ? 1 : share(rest)));
        boolean low = loan.left() < wanted * LOW;
        if ((late || low) && half >= 1 && borrowing.up() && !known.young(now)) {
            borrowing.ask(late && loan.endsWithCell, wanted, 0, 1);
        }
    }

    private double share(long rest) {
        return Math.min(1, Math.max(0, (double) rest / loanNanos));
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
        borrowing.book().correct(over.cell, -left);
        pace.used(over.lent() - left, clock.getAsLong());
    }

    /** Everything may be used only later than it began there, and until earlier than it ends there. */
    private synchronized void take(Offer offer, long sent, boolean ahead, boolean refused) {
        long now = clock.getAsLong();
        long rest = account.cellNanos() - offer.overNanos();
        askedNanos = now;
        known = new LastOffer(now, ahead ? offer.cell() - 1 : offer.cell(), offer, refused);
        if (offer.lent() <= 0) {
            return;
        }
        if (ahead) {
            dropNext();
            next = new Loan(
                    offer.cell(), now + rest, sent + rest + loanNanos, offer.lent(), loanNanos == account.cellNanos());
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

    private long cellAt(long now) {
        return known.cellAt(now, account.cellNanos());
    }

    /** What was lent for the time to come is not used yet, so who has lost its books need not hear of it. */
    private synchronized void dropNext() {
        Loan planned = next;
        if (planned != null) {
            borrowing.book().correct(planned.cell, -planned.close());
            next = null;
        }
    }

    private synchronized void endAll() {
        dropNext();
        if (current != Loan.NONE) {
            end(current);
            current = Loan.NONE;
        }
    }

    private final class Spender implements Borrower {
        @Override
        public long limit() {
            return SharedMeter.this.limit();
        }

        @Override
        public long countsForNanos(LoanBook book) {
            long others = resetNanos(now());
            long newest = book.newest();
            return unit() == QuotaUnit.UTILIZATION || newest < 0
                    ? others
                    : Math.max(others, (newest + 1 + CELLS - cellAt(now())) * account.cellNanos());
        }

        @Override
        public void offered(Demand demand, Offer offer, long sentNanos) {
            take(offer, sentNanos, demand.ahead(), demand.wanted() > 0 && offer.lent() == 0);
        }

        @Override
        public void leave() {
            endAll();
        }

        @Override
        public void lost() {
            dropNext();
            lost.run();
        }

        @Override
        public long now() {
            return clock.getAsLong();
        }
    }
}
