package headgate.proxy;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a condition take long on a machine that is busy; found by itself, for every class.
 *
 * <p>Below the half minute after which the gateway ends by itself what does not go on: a test must not take that for what
 * it waits for.
 */
public final class LongWaits implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
    }
}
