package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.quota.Borrowing.Account;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thousand requests a second for a minute, each under a limit of requests and one of tokens: hardly one asks the lender.
 *
 * <p>Time is simulated, so no pause of the machine is in what is asserted; {@link RoundTripShareTest} does it with a real Redis.
 */
final class SteadyPaceTest {
    private static final long MS = SECOND / 1000;
    private static final long TICK = 200 * MS;
    private static final long WARM = 2 * SECOND;
    private static final long END = 62 * SECOND;
    /** Exchanges in progress. */
    private static final int OPEN = 10;
    /** So that the lender's clock and the node's are not the same. */
    private static final long LENDER_BEGIN_MICROS = 1_900_000_000_123_456L;

    private record Taken(long mark, long amount) {}

    private record Answer(long nanos, CompletableFuture<Lender.Offer> to, Lender.Offer offer) {}

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Queue<List<Taken>> open = new ArrayDeque<>();
    private final Random random = new Random(1);
    private long now;
    private int asked;
    private int granted;

    @ParameterizedTest
    @CsvSource({"60000000", "6500000"})
    void atASteadyPaceOneInAHundredAsksAtMost(long tokensPerMinute) {
        List<SharedMeter> meters =
                List.of(meter(QuotaUnit.REQUESTS, 600_000), meter(QuotaUnit.TOKENS, tokensPerMinute));
        for (now = 0; now < END; now += MS) {
            while (!answers.isEmpty() && answers.element().nanos <= now) {
                Answer answer = answers.remove();
                answer.to.complete(answer.offer);
            }
            if (now % TICK == 0) {
                meters.forEach(meter -> meter.tick(now));
            }
            if (now == WARM) {
                asked = 0;
                granted = 0;
            }
            request(meters);
        }
        System.out.printf("steady pace: %d admissions, %d round trips%n", granted, asked);
        assertThat(granted).as("all of a minute, but for some that wait").isGreaterThan(59_400);
        assertThat(asked * 100).as("round trips").isLessThanOrEqualTo(granted);
    }

    private void request(List<SharedMeter> meters) {
        if (open.size() == OPEN) {
            List<Taken> over = open.remove();
            for (int i = 0; i < over.size(); i++) {
                Taken taken = over.get(i);
                meters.get(i).correct(taken.mark, taken.amount, i == 0 ? 1 : random.nextInt(1, 200), now);
            }
        }
        List<Taken> all = new ArrayList<>();
        for (int i = 0; i < meters.size(); i++) {
            long amount = i == 0 ? 1 : random.nextInt(1, 200);
            long mark = meters.get(i).tryTake(amount, now);
            if (mark == Meter.NOTHING) {
                meters.get(i).refill(amount, now, () -> {});
                for (int taken = 0; taken < i; taken++) {
                    meters.get(taken).giveBack(all.get(taken).mark, all.get(taken).amount);
                }
                return;
            }
            all.add(new Taken(mark, amount));
        }
        open.add(all);
        granted++;
    }

    private SharedMeter meter(QuotaUnit unit, long limit) {
        PlainLender books = new PlainLender(() -> LENDER_BEGIN_MICROS + now / 1000);
        return new SharedMeter(
                limit, new Account("d/" + unit, unit, SECOND), SECOND, new Near(books), () -> now, () -> {});
    }

    /** Answers a millisecond later. */
    private final class Near implements Lender {
        private final PlainLender books;

        Near(PlainLender books) {
            this.books = books;
        }

        @Override
        public boolean up(String limit) {
            return true;
        }

        @Override
        public Question ask(Demand demand) {
            asked++;
            CompletableFuture<Offer> answer = new CompletableFuture<>();
            answers.add(new Answer(now + MS, answer, books.offer(demand)));
            return new Question(answer, answer);
        }
    }
}
