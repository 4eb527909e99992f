package headgate.proxy.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;

/** The metrics, in the form that is asked for: OpenMetrics where it is accepted, else the text of Prometheus. */
public final class MetricsPage {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private MetricsPage() {}

    /** Writes the metrics as text, of OpenMetrics or of Prometheus. */
    public interface Writing {
        /** The text. */
        String text(boolean openMetrics);
    }

    /**
     * Answers a scrape.
     *
     * <p>A scraper that knows OpenMetrics prefers it, so quality values need not be weighed; one of zero is a refusal.
     */
    public static AdminAnswer of(AdminRequest request, Writing metrics) {
        boolean open = accepts(request.field(HttpHeaderNames.ACCEPT).toLowerCase(Locale.ROOT));
        String type =
                open ? OPEN_METRICS + "; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        return new AdminAnswer(200, type, metrics.text(open));
    }

    private static boolean accepts(String accept) {
        for (String range : accept.split(",", -1)) {
            if (range.strip().startsWith(OPEN_METRICS)) {
                return !range.replace(" ", "").matches(".*;q=0(\\.0*)?(;.*)?");
            }
        }
        return false;
    }
}
