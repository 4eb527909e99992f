package headgate.filters.quota;

import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import java.util.List;

/**
 * Keeps the books on what is used: reserves before, settles after.
 *
 * <p>It promises of each limit that in no window of its length, wherever it begins, more is <em>admitted</em> than the
 * limit. What is admitted is an estimate; when an exchange is settled it is corrected to what was used. Where that is more,
 * the window may stand above the limit by what nobody could foresee, and admits nothing until it has fallen below.
 *
 * <p>Called on the event loops; a decision may come at once or later, on the loop that asked.
 */
public interface QuotaLedger extends AutoCloseable {
    /** Who is told what came of a demand. */
    interface Decision {
        /** There was room, and it is reserved. */
        void granted(Reservation reservation);

        /** There was none in at least one limit, and this demand has taken nothing of any. */
        void refused(Reservation reservation, ProxyError why);

        /** Runs the rest of a decision that had to wait, on the loop that asked. */
        void hop(Runnable rest);
    }

    /**
     * Reserves room in all limits or in none.
     *
     * @param requests 1, or 0 when the reservation has that already
     * @param tokens as estimated
     * @param microUnits of spend, as estimated
     */
    void reserve(Reservation reservation, long requests, long tokens, long microUnits, Decision decision);

    /**
     * Tells what would come of a demand, without taking, opening or counting anything.
     *
     * @param reservation a fresh one, which stays empty
     */
    QuotaForecast forecast(Reservation reservation, long requests, long tokens, long microUnits);

    /**
     * Corrects all that was reserved to what was used, and ends the reservation. Of one that has ended, or never began, it
     * changes nothing.
     */
    void settle(Reservation reservation, long requests, long tokens, long microUnits);

    /** The {@code x-ratelimit-*} fields that tell the tightest of the limits a reservation touches. */
    List<AnswerHead.Field> fields(Reservation reservation);

    /** Ends what goes on in the background. */
    @Override
    void close();

    /** What every limit that is in use stands at; for people, not exact while exchanges go on. */
    List<QuotaStanding> standings();
}
