package headgate.loadtest;

import headgate.loadtest.scenario.Amount;
import headgate.loadtest.scenario.Distribution;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times that are drawn from a distribution: {@code 20ms}, {@code exponential:20ms}, {@code lognormal:20ms:0.5}. */
final class PaceConverter implements ITypeConverter<Distribution> {
    @Override
    public Distribution convert(String text) {
        try {
            return Distribution.parse(text, Amount::nanos);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
