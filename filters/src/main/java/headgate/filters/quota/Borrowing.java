package headgate.filters.quota;

import headgate.filters.quota.Lender.Demand;
import headgate.filters.quota.Lender.Offer;
import headgate.filters.quota.Lender.Question;
import headgate.filters.redis.RedisAwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the lender about one limit, one question at a time, and tells with each what was booked here.
 *
 * <p>Where the lender has lost its books, as a Redis that was started anew, it is told all of this node's that still counts.
 * Safe for all threads; answers come on a thread of the lender's.
 */
final class Borrowing {
    /** What the account is, which all nodes share. */
    record Account(String name, QuotaUnit unit, long cellNanos) {}

    /** Who takes what is lent. */
    interface Borrower {
        /** The limit as it is now. */
        long limit();

        /** For how long what is booked there goes on to count, as far as is known, so that the account must be there; 0 when nothing does. */
        long countsForNanos(LoanBook book);

        /**
         * Something was lent, or nothing.
         *
         * @param sentNanos before it was asked for, by the ledger's clock
         */
        void offered(Demand demand, Offer offer, long sentNanos);

        /** The lender has lost its books. */
        void lost();

        /** Nothing more is spent: what was lent is over. */
        void leave();

        /** The ledger's clock. */
        long now();
    }

    private record Waiter(long amount, Runnable then) {}

    /** What is asked for beside telling. */
    private record Wish(boolean ahead, long wanted, long needed, long least) {}

    private final Account account;
    private final Lender lender;
    private final Borrower borrower;
    private final LoanBook book = new LoanBook();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final List<Waiter> waiters = new ArrayList<>();

    private volatile String birth = "";
    /** Whether the lender may have lost what it was told. */
    private volatile boolean doubted;

    private volatile boolean leaving;

    Borrowing(Account account, Lender lender, Borrower borrower) {
        this.account = account;
        this.lender = lender;
        this.borrower = borrower;
    }

    /** What this node has booked. */
    LoanBook book() {
        return book;
    }

    boolean up() {
        return lender.up(account.name);
    }

    /** The lender may have lost its books: it is asked as soon as that can be. */
    void doubt() {
        doubted = true;
    }

    /**
     * Asks whether the lender still knows what it was told, where that is in doubt.
     *
     * @param news whether it is also told what is new
     * @return whether it was asked
     */
    boolean tell(boolean news) {
        boolean due = (news && book.hasPending()) || (doubted && borrower.countsForNanos(book) > 0);
        return due && up() && ask(false, 0, 0, 1);
    }

    /** Gives all back, also what is on its way. */
    void leave() {
        leaving = true;
        borrower.leave();
        tell(true);
    }

    /** Runs {@code then} after the next answer; returns what all together wait for. */
    long await(long amount, Runnable then) {
        long needed = 0;
        synchronized (waiters) {
            waiters.add(new Waiter(amount, then));
            for (Waiter waiter : waiters) {
                needed = Math.min(borrower.limit(), needed + waiter.amount);
            }
        }
        return needed;
    }

    /** Asks, unless an answer is on its way; who waits is told by that one, and asks again. */
    boolean ask(boolean ahead, double wanted, long needed, long least) {
        if (!asking.compareAndSet(false, true)) {
            return false;
        }
        doubted = false;
        long most = Math.min(borrower.limit(), Math.max(needed, (long) Math.ceil(wanted)));
        send(new Wish(ahead, most, needed, least), book.takePending(), false);
        return true;
    }

    private void send(Wish wish, Map<Long, Long> corrections, boolean anew) {
        long sent = borrower.now();
        long counts = borrower.countsForNanos(book);
        String known = counts > 0 || anew ? birth : "";
        Demand demand = new Demand(
                account,
                borrower.limit(),
                wish.wanted,
                wish.needed,
                wish.least,
                wish.ahead,
                known,
                anew ? counts : 0,
                corrections);
        Question question = asked(demand);
        question.inTime().whenComplete((offer, failure) -> {
            boolean again = false;
            try {
                if (offer == null) {
                    failed(demand, failure, question.ever(), sent);
                } else if (offer.lent() == Offer.UNKNOWN) {
                    birth = offer.birth();
                    borrower.lost();
                    boolean cells = account.unit != QuotaUnit.UTILIZATION;
                    send(wish, cells ? book.anew(corrections) : corrections, true);
                    again = true;
                } else {
                    birth = offer.birth();
                    place(demand, offer, sent);
                    book.told(corrections, offer.cell(), offer.lent());
                    borrower.offered(demand, offer, sent);
                }
            } finally {
                if (!again) {
                    answered();
                }
            }
        });
    }

    private Question asked(Demand demand) {
        try {
            return lender.ask(demand);
        } catch (RuntimeException e) {
            CompletionStage<Offer> failed = CompletableFuture.failedFuture(e);
            return new Question(failed, failed);
        }
    }

    private void failed(Demand demand, @Nullable Throwable failure, CompletionStage<Offer> ever, long sent) {
        doubted = true;
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        if (why instanceof RedisAwayException) {
            book.untold(demand.corrections());
        } else {
            book.doubted(demand.corrections());
            ever.thenAccept(offer -> late(demand, offer, sent));
        }
    }

    /** What was booked before the first answer came is booked as late as it may have been. */
    private void place(Demand demand, Offer offer, long sent) {
        long cell = demand.ahead() ? offer.cell() - 1 : offer.cell();
        LastOffer first = new LastOffer(borrower.now(), cell, offer, false);
        book.place(cell, first.firstCell(sent, account.cellNanos()));
    }

    /** After the lender has lost its books, an answer from before says nothing that counts. */
    private void late(Demand demand, Offer offer, long sent) {
        if (birth.isEmpty()) {
            birth = offer.birth();
        }
        if (offer.lent() == Offer.UNKNOWN) {
            book.untoldLate(demand.corrections());
        } else if (birth.equals(offer.birth())) {
            place(demand, offer, sent);
            book.toldLate(demand.corrections(), offer.cell(), offer.lent());
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
        if (leaving) {
            leave();
        }
    }
}
