package headgate.filters.quota;

import java.util.ArrayList;
import java.util.List;

/** What a {@link SlidingWindow} should do, as a list of all that was ever booked. */
final class PlainWindow {
    /** One booking, corrected in place. */
    static final class Booking {
        final long nanos;
        long amount;

        Booking(long nanos, long amount) {
            this.nanos = nanos;
            this.amount = amount;
        }
    }

    private final long limit;
    private final long cellNanos;
    private final List<Booking> bookings = new ArrayList<>();

    PlainWindow(long limit, long cellNanos) {
        this.limit = limit;
        this.cellNanos = cellNanos;
    }

    /** What was booked less than sixty whole cells ago, each of which ends a little early. */
    long used(long now) {
        long sum = 0;
        for (Booking booking : bookings) {
            long firstCellEnd = ((booking.nanos + Meter.TRANSIT_NANOS) / cellNanos + 1) * cellNanos;
            if (now < firstCellEnd + 60 * cellNanos) {
                sum += booking.amount;
            }
        }
        return sum;
    }

    /** What may have arrived in the window that ends now, to the nanosecond, by ways of different lengths. */
    long within(long now) {
        return bookings.stream()
                .filter(booking -> now - booking.nanos < 60 * cellNanos + Meter.TRANSIT_NANOS)
                .mapToLong(booking -> booking.amount)
                .sum();
    }

    boolean fits(long amount, long now) {
        return used(now) + amount <= limit;
    }

    Booking book(long amount, long now) {
        Booking booking = new Booking(now, amount);
        bookings.add(booking);
        return booking;
    }

    void correct(Booking booking, long real, long now) {
        if (real > booking.amount) {
            book(real - booking.amount, now);
        } else {
            booking.amount = real;
        }
    }
}
