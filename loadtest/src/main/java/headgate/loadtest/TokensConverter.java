package headgate.loadtest;

import headgate.loadtest.scenario.Amount;
import headgate.loadtest.scenario.Distribution;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads amounts that are drawn from a distribution: {@code 20}, {@code exponential:20}, {@code lognormal:20:0.5}. */
final class TokensConverter implements ITypeConverter<Distribution> {
    @Override
    public Distribution convert(String text) {
        try {
            return Distribution.parse(text, Amount::number);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
