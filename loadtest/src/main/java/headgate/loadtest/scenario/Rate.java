package headgate.loadtest.scenario;

/**
 * How many calls are to begin over time.
 *
 * <p>Each shape knows when its count reaches a number. Asked for 0, 1, 2 and so on it gives even arrivals; asked for sums
 * of exponential steps, a Poisson process of that shape.
 */
public sealed interface Rate {
    /** Seconds after the start at which so many calls are due; infinite if that many never are. */
    double secondsUntil(double calls);

    /** Always so many a second. */
    record Constant(double perSecond) implements Rate {
        @Override
        public double secondsUntil(double calls) {
            return calls / perSecond;
        }
    }

    /** From one rate to another in a straight line, and then on at the second. */
    record Ramp(double from, double to, double seconds) implements Rate {
        @Override
        public double secondsUntil(double calls) {
            double during = (from + to) / 2 * seconds;
            if (calls >= during) {
                return seconds + (calls - during) / to;
            }
            // The count after t seconds is from*t + slope*t²/2; this form of the root also holds for a slope of zero.
            double slope = (to - from) / seconds;
            double root = Math.sqrt(Math.max(0, from * from + 2 * slope * calls));
            return calls == 0 ? 0 : 2 * calls / (from + root);
        }
    }

    /** A resting rate, and at the beginning of every period a higher one for a while. */
    record Bursts(double resting, double burst, double everySeconds, double forSeconds) implements Rate {
        @Override
        public double secondsUntil(double calls) {
            double inBurst = burst * forSeconds;
            double inPeriod = inBurst + resting * (everySeconds - forSeconds);
            double periods = Math.floor(calls / inPeriod);
            double rest = calls - periods * inPeriod;
            double within = rest < inBurst ? rest / burst : forSeconds + (rest - inBurst) / resting;
            return periods * everySeconds + within;
        }
    }
}
