package headgate.proxy.telemetry;

import headgate.filters.api.ProxyError.Kind;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many exchanges of a kind ended with one status, for one cause; one thread counts, any reads. */
final class Outcome {
    final int status;
    final @Nullable Kind error;
    final AtomicLong exchanges = new AtomicLong();

    Outcome(int status, @Nullable Kind error) {
        this.status = status;
        this.error = error;
    }

    boolean is(int otherStatus, @Nullable Kind otherError) {
        return status == otherStatus && error == otherError;
    }

    /** What ended them: {@code answer}, or the kind of the error. */
    String cause() {
        return error == null ? "answer" : error.name().toLowerCase(Locale.ROOT);
    }
}
