package headgate.filters.token;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.IssuerConfig;
import headgate.conf.TokenAlgorithm;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When an issuer's documents are read, on a loop whose time stands still until it is told. */
final class IssuerTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Promise<IssuerKeys>> readings = new ArrayList<>();
    private final Issuer issuer = new Issuer(new IssuerConfig(
            "https://login.example/",
            URI.create("https://login.example/.well-known/openid-configuration"),
            null,
            null,
            Set.of("headgate"),
            Set.of(TokenAlgorithm.RS256),
            Duration.ZERO,
            Duration.ofHours(1),
            Duration.ofHours(24),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            null));

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    private void start() {
        channel.freezeTime();
        issuer.start(channel.eventLoop(), () -> {
            Promise<IssuerKeys> reading = channel.eventLoop().newPromise();
            readings.add(reading);
            return reading;
        });
        channel.runPendingTasks();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    private void succeed() {
        readings.get(readings.size() - 1).setSuccess(TokenCheck.parse(Forge.otherKeys()));
        channel.runPendingTasks();
    }

    private void fail() {
        readings.get(readings.size() - 1).setFailure(new IOException("no answer"));
        channel.runPendingTasks();
    }

    private Future<?> learn(String keyId) {
        Future<?> learnt = issuer.learn(keyId, channel.eventLoop());
        channel.runPendingTasks();
        return learnt;
    }

    @Test
    void theFirstReadingIsAtTheStartAndTheNextBeforeTheDocumentsAreOld() {
        start();
        assertThat(readings).hasSize(1);
        succeed();
        pass(Duration.ofMinutes(47));
        assertThat(readings).hasSize(1);
        pass(Duration.ofMinutes(13));
        assertThat(readings).hasSize(2);
    }

    @Test
    void allWhoWaitForOneReadingAreToldByIt() {
        start();
        Future<?> good = learn("stranger");
        Future<?> bad = learn("nobodys");
        assertThat(good.isDone() || bad.isDone()).isFalse();
        assertThat(readings).hasSize(1);
        succeed();
        assertThat((Object) good.getNow()).isSameAs(issuer.find("stranger")).isNotNull();
        assertThat(bad.isDone()).isTrue();
        assertThat((Object) bad.getNow()).isNull();
    }

    @Test
    void withinTheIntervalAnUnknownKeyIsRefusedAtOnce() {
        start();
        succeed();
        for (int i = 0; i < 100; i++) {
            assertThat(learn("nobodys-" + i).isDone()).isTrue();
        }
        assertThat(readings).hasSize(1);
    }

    @Test
    void whileItFailsNobodyWaitsAndItIsTriedEverLessOften() {
        start();
        fail();
        assertThat(learn("stranger").isDone()).isTrue();
        assertThat(issuer.isKnown()).isFalse();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            int before = readings.size();
            pass(Duration.ofMillis(seconds * 790L));
            assertThat(readings).as("too early after %d s", seconds).hasSize(before);
            pass(Duration.ofMillis(seconds * 210L));
            assertThat(readings).as("after %d s", seconds).hasSize(before + 1);
            assertThat(learn("stranger").isDone())
                    .as("not even while it is being tried")
                    .isTrue();
            fail();
        }
        pass(Duration.ofMinutes(1));
        succeed();
        assertThat(issuer.find("stranger")).isNotNull();
    }

    @Test
    void knownKeysGoOnWhileItFails() {
        start();
        succeed();
        IssuerKey known = issuer.find("stranger");
        pass(Duration.ofHours(1));
        fail();
        pass(Duration.ofHours(10));
        assertThat(issuer.find("stranger")).isSameAs(known).isNotNull();
    }

    @Test
    void afterTheStopNothingIsRead() {
        start();
        succeed();
        issuer.stop();
        pass(Duration.ofHours(2));
        assertThat(readings).hasSize(1);
        assertThat(learn("nobodys").isDone()).isTrue();
    }
}
