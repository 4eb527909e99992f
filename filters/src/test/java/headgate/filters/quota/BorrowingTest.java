package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.quota.Borrowing.Account;
import headgate.filters.quota.Lender.Demand;
import headgate.filters.quota.Lender.Offer;
import headgate.filters.quota.Lender.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is booked while nothing was answered yet, and answers that come too late. */
final class BorrowingTest implements Lender, Borrowing.Borrower {
    private static final long SECOND = 1_000_000_000L;

    private final List<Demand> demands = new ArrayList<>();
    private final List<CompletableFuture<Offer>> inTime = new ArrayList<>();
    private final List<CompletableFuture<Offer>> ever = new ArrayList<>();
    private final Borrowing borrowing = new Borrowing(new Account("d/", QuotaUnit.TOKENS, SECOND), this, this);
    private final long now = 5 * SECOND;
    private long limit = 10_000;

    @Test
    void whatWasBookedBeforeAFirstAnswerThatComesLateIsToldInTheCellsOfThatAnswer() {
        borrowing.book().correct(LoanBook.UNPLACED + 5, 1000);
        borrowing.ask(false, 300, 0, 1);
        inTime.get(0).completeExceptionally(new TimeoutException());
        ever.get(0).complete(offer(300, 77));
        borrowing.ask(false, 0, 0, 1);
        assertThat(demands.get(0).corrections()).isEmpty();
        assertThat(demands.get(1).corrections())
                .as("what was used, and what was lent too late")
                .isEqualTo(Map.of(77L, 1000L - 300L));
    }

    @Test
    void aBorrowerThatFailsLetsTheNextQuestionBeAsked() {
        borrowing.ask(false, 300, 0, 1);
        limit = -1;
        inTime.get(0).complete(offer(Offer.UNKNOWN, 77));
        limit = 10_000;
        assertThat(borrowing.ask(false, 300, 0, 1)).isTrue();
    }

    private static Offer offer(long lent, long cell) {
        return new Offer(lent, cell, 0, "birth", 10_000, 0, 60 * SECOND, List.of());
    }

    @Override
    public boolean up(String name) {
        return true;
    }

    @Override
    public Question ask(Demand demand) {
        demands.add(demand);
        inTime.add(new CompletableFuture<>());
        ever.add(new CompletableFuture<>());
        return new Question(inTime.get(inTime.size() - 1), ever.get(ever.size() - 1));
    }

    @Override
    public long limit() {
        return limit;
    }

    @Override
    public long countsForNanos(LoanBook book) {
        return 0;
    }

    @Override
    public void offered(Demand demand, Offer offer, long sentNanos) {}

    @Override
    public void lost() {
        if (limit < 0) {
            throw new IllegalStateException("a defect");
        }
    }

    @Override
    public void leave() {}

    @Override
    public long now() {
        return now;
    }
}
