package headgate.proxy;

import headgate.conf.ConfigException;
import headgate.conf.GatewayConfig;
import headgate.conf.RedisConfig;
import headgate.filters.redis.RedisLink;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command about what nodes share in the Redis that the configuration names. */
abstract class RedisCommand implements Callable<Integer> {
    /** A person waits, and no exchange does. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final long LOOK_MS = 10;

    @Spec
    private @Nullable CommandSpec spec;

    /** Says what is wrong, in one line. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String why) {
            super(why);
        }
    }

    /** The configuration to find Redis by; null for the usual one. */
    abstract @Nullable Path file();

    abstract void act(GatewayConfig config, RedisLink link, PrintWriter out) throws Refusal, ConfigException;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter errors = Headgate.errors(spec);
        Path file = file();
        GatewayConfig config = Headgate.load(file == null ? Headgate.defaultFile("headgate.yaml") : file, errors);
        if (config == null) {
            return 1;
        }
        RedisConfig state = config.state();
        if (state == null) {
            errors.println("headgate: state is memory: nothing holds but what the configuration says");
            return 1;
        }
        RedisLink link =
                RedisLink.open(new RedisConfig(state.url(), state.password(), state.ca(), DEADLINE, state.prefix()));
        try {
            awaitUp(link);
            act(config, link, Headgate.out(spec));
            return 0;
        } catch (Refusal | CompletionException e) {
            errors.println("headgate: " + e.getMessage());
        } catch (ConfigException e) {
            e.problems().forEach(problem -> errors.println("headgate: " + problem));
        } finally {
            link.close().toCompletableFuture().join();
        }
        return 1;
    }

    static <T> T wait(CompletionStage<T> answer) {
        return answer.toCompletableFuture().join();
    }

    private static void awaitUp(RedisLink link) throws Refusal, InterruptedException {
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (!link.status().up()) {
            if (System.nanoTime() - until > 0) {
                throw new Refusal("Redis does not answer: " + link.status().error());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }
}
