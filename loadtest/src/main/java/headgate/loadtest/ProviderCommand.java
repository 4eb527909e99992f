package headgate.loadtest;

import headgate.loadtest.SimulatedProvider.Options;
import headgate.loadtest.provider.Pace;
import headgate.loadtest.scenario.Distribution;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The simulated provider's command line. */
@Command(
        name = "simulated-provider",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "A model provider that only pretends, for trying and testing a gateway.")
final class ProviderCommand implements Callable<Integer> {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on.")
    private String host = "";

    @Option(names = "--port", defaultValue = "0", description = "Port to listen on; 0 is any that is free.")
    private int port;

    @Option(names = "--loops", defaultValue = "1", description = "Threads.")
    private int loops;

    @Option(
            names = "--first-token",
            defaultValue = "200ms",
            converter = PaceConverter.class,
            description = "Time to an answer or to its first event: 200ms, uniform:A:B, exponential:MEAN or "
                    + "lognormal:MEDIAN:SIGMA.")
    private Distribution firstToken = new Distribution.Constant(0);

    @Option(
            names = "--between-tokens",
            defaultValue = "20ms",
            converter = PaceConverter.class,
            description = "Time between the events of a stream, as above; 0ms is as fast as they are read.")
    private Distribution betweenTokens = new Distribution.Constant(0);

    @Option(
            names = "--tokens",
            defaultValue = "40",
            converter = TokensConverter.class,
            description = "Length of an answer that is not asked to be shorter: 40, uniform:A:B, exponential:MEAN or "
                    + "lognormal:MEDIAN:SIGMA.")
    private Distribution tokens = new Distribution.Constant(1);

    @Option(
            names = "--event-times",
            description = "Tell in each event when it was meant to leave, for a load test on the same machine.")
    private boolean eventTimes;

    @Option(names = "--tls-certificate", description = "PEM certificate chain; with a key, speaks TLS.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", description = "PEM private key (PKCS#8) of the certificate.")
    private @Nullable Path key;

    @Option(names = "--until-stdin-closes", description = "End when standard input ends, and so with the parent.")
    private boolean untilStdinCloses;

    @Override
    public Integer call() throws InterruptedException {
        try (SimulatedProvider provider = SimulatedProvider.start(options())) {
            System.out.println("listening on " + provider.host() + ":" + provider.port());
            System.out.flush();
            if (untilStdinCloses) {
                System.in.transferTo(OutputStream.nullOutputStream());
            } else {
                provider.awaitClosed();
            }
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("simulated-provider: " + e.getMessage());
            return 1;
        }
    }

    private Options options() {
        return new Options(
                host, port, loops, new Pace(firstToken, betweenTokens, tokens, eventTimes), certificate, key);
    }
}
