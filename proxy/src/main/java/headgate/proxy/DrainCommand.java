package headgate.proxy;

import headgate.conf.GatewayConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headgate drain [FILE]}: has the process that runs by this file finish what is open, and waits for its end. */
@Command(
        name = "drain",
        description =
                "Has the running gateway take no new connections, finish open exchanges and end; waits for that. It is found"
                        + " by `handover` in the configuration.",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter errors = Headgate.errors(spec);
        GatewayConfig config = Headgate.load(file == null ? Headgate.defaultFile("headgate.yaml") : file, errors);
        if (config == null) {
            return 1;
        }
        if (config.handover() == null) {
            errors.println("headgate: the configuration has no handover; send SIGTERM to the process instead");
            return 1;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(config.handover()));
            channel.write(StandardCharsets.US_ASCII.encode(String.valueOf(Handover.DRAIN)));
            ByteBuffer answer = ByteBuffer.allocate(64);
            // The process closes it by its end.
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
            return 0;
        } catch (IOException e) {
            errors.println("headgate: no gateway answers at " + config.handover() + ": " + e.getMessage());
            return 1;
        }
    }
}
