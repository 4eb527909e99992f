package headgate.filters.fetch;

import java.io.IOException;
import java.net.URI;

/** Nothing was fetched: what went wrong, and where. */
public final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    FetchException(URI url, String what) {
        super(url + ": " + what);
    }
}
