package headgate.proxy.journey;

import headgate.conf.ConfigException;
import headgate.conf.ConfigSource;
import headgate.proxy.ProxyServer;
import headgate.proxy.reload.Reload;
import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.reload.ReloadOutcome.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A gateway that follows a file, as the program runs it. */
final class ReloadedGateway implements AutoCloseable {
    final Path file;
    final ProxyServer server;
    final Reload reload;

    /**
     * Starts a gateway with this file in the directory.
     *
     * @param yaml without listener, access log, keys and the time between two looks at the file
     */
    ReloadedGateway(Path directory, String yaml) throws IOException {
        file = Files.writeString(directory.resolve("headgate.yaml"), whole(yaml));
        ConfigSource source = new ConfigSource(file, Map.of());
        try {
            server = ProxyServer.start(source.load());
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        reload = new Reload(source, server.reloadable(), server.reloads());
    }

    /** Writes the file anew and has it reloaded. */
    ReloadOutcome reload(String yaml) throws IOException {
        write(yaml);
        return reload.reload(Cause.COMMAND);
    }

    void write(String yaml) throws IOException {
        Files.writeString(file, whole(yaml));
    }

    int port() {
        return server.addresses().get(0).getPort();
    }

    @Override
    public void close() {
        reload.close();
        server.stop(Duration.ZERO);
    }

    private static String whole(String yaml) {
        return (yaml.contains("reloadTime") ? "" : "reloadTime: 0s\n")
                + (yaml.contains("keys:") ? "" : "keys: { caller: " + TestGateway.KEY + " }\n")
                + "listen: 127.0.0.1:0\naccessLog: off\n" + yaml
                + (yaml.contains("admin:") ? "" : "\nadmin: off\n");
    }
}
