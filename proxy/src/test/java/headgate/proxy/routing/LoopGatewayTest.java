package headgate.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.filters.identity.FailedAttempts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which configuration an exchange sees, what of the one before goes on, and when that is over. */
final class LoopGatewayTest {
    private static final String TWO =
            "{ url: \"http://a:1\", priority: %d }, { url: \"http://a:1\", priority: 2 }, { url: \"http://b:%d\" }";

    private final AtomicInteger over = new AtomicInteger();

    @Test
    void anExchangeSeesOneConfigurationFromItsHeadToItsEnd() {
        Gateway first = gateway(null, 1, 1);
        Gateway second = gateway(first, 1, 1);
        LoopGateway loop = new LoopGateway(first);
        ExchangeGateway open = new ExchangeGateway(loop);
        ExchangeGateway later = new ExchangeGateway(loop);
        open.begin();
        loop.replace(second, over::incrementAndGet);
        later.begin();
        assertThat(open.get()).isSameAs(first);
        assertThat(later.get()).isSameAs(second);
        later.end();
        assertThat(over).as("one exchange still has it").hasValue(0);
        open.end();
        assertThat(over).hasValue(1);
        open.begin();
        assertThat(open.get()).isSameAs(second);
        open.end();
        open.end();
        assertThat(over).as("told once").hasValue(1);
    }

    @Test
    void whatNoExchangeHasIsOverAtOnceAndEachOneByItself() {
        Gateway first = gateway(null, 1, 1);
        LoopGateway loop = new LoopGateway(first);
        ExchangeGateway open = new ExchangeGateway(loop);
        loop.replace(first, over::incrementAndGet);
        assertThat(over).hasValue(1);
        open.begin();
        loop.replace(first, () -> over.addAndGet(10));
        loop.replace(first, () -> over.addAndGet(100));
        assertThat(over).as("the one in between had no exchange").hasValue(101);
        open.end();
        assertThat(over).hasValue(111);
    }

    @Test
    void theSameEndpointsKeepTheirHealthWhateverTheirOrderAndNoTwoShareOne() {
        Gateway first = gateway(null, 1, 1);
        Gateway second = gateway(first, 3, 2);
        assertThat(second.routes().healths()).hasSize(3);
        assertThat(second.routes().healths())
                .as("two of the three are as they were, but for their priority")
                .filteredOn(first.routes().healths()::contains)
                .hasSize(2);
    }

    private static Gateway gateway(@Nullable Gateway before, int priority, int port) {
        try {
            String yaml = "deployments: { d: { upstreams: [" + TWO.formatted(priority, port) + "] } }";
            return Gateway.of(
                    ConfigLoader.load(yaml, Path.of("test.yaml").toAbsolutePath(), Map.of()),
                    new FailedAttempts(1),
                    null,
                    before);
        } catch (ConfigException | IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
