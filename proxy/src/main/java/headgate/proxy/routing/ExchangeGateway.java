package headgate.proxy.routing;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as one exchange of a pipeline sees it: the same from its head to its end, whatever comes into force
 * meanwhile.
 *
 * <p>Confined to its event loop.
 */
public final class ExchangeGateway implements Supplier<Gateway> {
    private final LoopGateway loop;
    private LoopGateway.@Nullable Use use;

    /** For the exchanges of one pipeline, one after the other. */
    public ExchangeGateway(LoopGateway loop) {
        this.loop = loop;
    }

    /** An exchange begins. */
    public void begin() {
        end();
        use = loop.enter();
    }

    /** What is in force for the exchange in progress. */
    @Override
    public Gateway get() {
        return use == null ? loop.current() : use.gateway();
    }

    /** The exchange is over. */
    public void end() {
        if (use != null) {
            LoopGateway.Use ended = use;
            use = null;
            ended.leave();
        }
    }
}
