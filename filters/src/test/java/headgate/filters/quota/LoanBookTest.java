package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node has booked stays known through questions that fail, come too late, and through a Redis that forgets. */
final class LoanBookTest {
    private final LoanBook book = new LoanBook();

    LoanBookTest() {
        book.place(1000, 900);
        book.told(Map.of(), 1000, 100);
    }

    @Test
    void whatWasNotSentIsToldNextTime() {
        book.correct(1000, -40);
        book.correct(1001, 7);
        book.untold(book.takePending());
        assertThat(book.takePending()).isEqualTo(Map.of(1000L, -40L, 1001L, 7L));
    }

    @Test
    void whatMayHaveBeenToldIsNotGivenBackTwiceButNotForgottenWhereAllIsToldAnew() {
        book.correct(1000, -40);
        book.correct(1001, 7);
        book.doubted(book.takePending());
        Map<Long, Long> again = book.takePending();
        assertThat(again).isEqualTo(Map.of(1001L, 7L));
        assertThat(book.anew(again)).isEqualTo(Map.of(1000L, 60L, 1001L, 7L));
    }

    @Test
    void anAnswerThatComesLateSaysWhatWasTold() {
        book.correct(1000, -40);
        book.correct(1001, 7);
        Map<Long, Long> asked = book.takePending();
        book.doubted(asked);
        book.toldLate(asked, 1001, 30);
        assertThat(book.takePending())
                .as("what it has lent cannot be used any more")
                .isEqualTo(Map.of(1001L, -30L));
        assertThat(book.anew(Map.of(1001L, -30L))).isEqualTo(Map.of(1000L, 60L, 1001L, 7L));
    }

    @Test
    void anAnswerThatComesAfterAllWasToldOnceMoreTakesThatBack() {
        book.correct(1001, 7);
        Map<Long, Long> asked = book.takePending();
        book.doubted(asked);
        book.told(book.takePending(), 1001, 0);
        book.toldLate(asked, 1001, 0);
        assertThat(book.takePending()).isEqualTo(Map.of(1001L, -7L));
    }

    @Test
    void anAnswerThatComesLateAndSaysThatNothingWasDoneMakesItToldAgain() {
        book.correct(1000, -40);
        book.correct(1001, 7);
        Map<Long, Long> asked = book.takePending();
        book.doubted(asked);
        book.untoldLate(asked);
        assertThat(book.takePending()).isEqualTo(asked);
    }

    @Test
    void whatCameBeforeTheFirstAnswerIsToldWithTheNext() {
        LoanBook early = new LoanBook();
        early.correct(LoanBook.UNPLACED + 5, 3);
        early.correct(LoanBook.UNPLACED + 8, 4);
        assertThat(early.takePending()).as("nobody knows yet in which cell").isEmpty();
        assertThat(early.hasPending()).isTrue();
        early.place(2007, 2000);
        early.correct(LoanBook.UNPLACED + 5, -1);
        assertThat(early.takePending())
                .as("none later than the one in progress")
                .isEqualTo(Map.of(2005L, 2L, 2007L, 4L));
    }

    @Test
    void nothingIsKeptThatCountsNoMore() {
        for (long cell = 2000; cell < 5000; cell++) {
            book.correct(cell, 1);
        }
        assertThat(book.takePending()).hasSize(SharedMeter.CELLS + 1);
    }
}
