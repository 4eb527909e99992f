package headgate.loadtest.scenario;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/** A quantity that is drawn anew each time: constant, uniform, exponential or lognormal. */
public sealed interface Distribution {
    /** Draws one value, never negative, in the unit that it was read with. */
    double draw(Random random);

    /** Always the same. */
    record Constant(double value) implements Distribution {
        @Override
        public double draw(Random random) {
            return value;
        }
    }

    /** Equally likely from the least to the most. */
    record Uniform(double least, double most) implements Distribution {
        @Override
        public double draw(Random random) {
            return least + (most - least) * random.nextDouble();
        }
    }

    /** Without memory, as the gaps between calls of many independent people are. */
    record Exponential(double mean) implements Distribution {
        @Override
        public double draw(Random random) {
            return -mean * Math.log(1 - random.nextDouble());
        }
    }

    /** Half of all values below the median, and a long tail, as the lengths of prompts have; sigma is of the logarithm. */
    record Lognormal(double median, double sigma) implements Distribution {
        @Override
        public double draw(Random random) {
            return median * Math.exp(sigma * random.nextGaussian());
        }
    }

    /**
     * Reads {@code 20}, {@code uniform:10:30}, {@code exponential:20} (its mean) or {@code lognormal:20:0.5} (median, sigma).
     *
     * @param unit reads one value: {@link Amount#number} or {@link Amount#nanos}
     * @throws IllegalArgumentException if it is none of these, with a message for the reader
     */
    static Distribution parse(String text, ToDoubleFunction<String> unit) {
        String[] parts = text.split(":", -1);
        if (parts.length == 1) {
            return new Constant(unit.applyAsDouble(text));
        }
        return switch (parts[0] + "/" + parts.length) {
            case "uniform/3" -> uniform(text, unit.applyAsDouble(parts[1]), unit.applyAsDouble(parts[2]));
            case "exponential/2" -> new Exponential(unit.applyAsDouble(parts[1]));
            case "lognormal/3" -> new Lognormal(unit.applyAsDouble(parts[1]), Amount.number(parts[2]));
            default ->
                throw new IllegalArgumentException("'" + text
                        + "' is not a distribution like 20, uniform:10:30, exponential:20 or lognormal:20:0.5");
        };
    }

    private static Uniform uniform(String text, double least, double most) {
        if (least > most) {
            throw new IllegalArgumentException("'" + text + "' begins above its end");
        }
        return new Uniform(least, most);
    }
}
