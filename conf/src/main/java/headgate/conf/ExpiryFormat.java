package headgate.conf;

import headgate.conf.yaml.Format;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** When something ends: a day, which is its last whole one (UTC), or an instant. */
public record ExpiryFormat() implements Format<Instant> {
    private static final int DATE_CHARS = 10;

    @Override
    public @Nullable Instant read(String text) {
        try {
            return text.length() == DATE_CHARS
                    ? LocalDate.parse(text).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public String expected() {
        return "a day such as 2027-01-31, or an instant such as 2027-01-31T12:00:00Z";
    }
}
