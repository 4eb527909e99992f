package headgate.proxy;

import headgate.conf.ConfigException;
import headgate.conf.ConfigSource;
import headgate.conf.GatewayConfig;
import headgate.filters.identity.FailedAttempts;
import headgate.proxy.reload.Reload;
import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.reload.ReloadOutcome.Cause;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.ProgramLog;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: its commands, and how it starts and stops. */
@Command(
        name = "headgate",
        description = "One endpoint with one credential in front of every AI model a team uses.",
        mixinStandardHelpOptions = true,
        versionProvider = Headgate.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Headgate.Run.class,
            Headgate.Check.class,
            KeyCommand.class,
            BlocklistCommand.class,
            DrainCommand.class,
            QuotaCommand.class,
            ExplainCommand.class,
            Demo.class
        })
public final class Headgate implements Runnable {
    private static final String LEAK_LEVEL = "io.netty.leakDetection.level";

    @Spec
    private @Nullable CommandSpec spec;

    /** Made by the command line. */
    public Headgate() {}

    /** Runs the command that the arguments name; exits with 0, 1 (wrong configuration, cannot start) or 2 (wrong usage). */
    public static void main(String[] arguments) {
        if (System.getProperty(LEAK_LEVEL) == null) {
            // Looking for leaks costs a stack trace for one buffer in 128, 3 % of all; the tests look at every one.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        int code = new CommandLine(new Headgate()).execute(arguments);
        ProgramLog.end();
        System.exit(code);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
    }

    /** The configuration file to use when none is named. */
    static Path defaultFile(String name) {
        return Path.of(System.getProperty("headgate.home", "."), "conf", name);
    }

    /**
     * Starts the gateway and waits until it is told to stop; it follows its file meanwhile.
     *
     * @param ready told once callers are answered
     * @return the exit code
     */
    static int serve(ConfigSource source, PrintWriter errors, Ready ready) {
        // From the beginning: a signal that comes while it starts must not end it, and counts when it has.
        CompletableFuture<Runnable> running = new CompletableFuture<>();
        HangUp.handle(() -> running.thenAccept(Runnable::run));
        GatewayConfig config = loadWithFiles(source, errors);
        if (config == null) {
            return 1;
        }
        ProxyServer server;
        try {
            server = ProxyServer.start(config);
        } catch (SSLException e) {
            errors.println(source.file() + ": " + e.getMessage());
            return 1;
        } catch (IOException | IllegalStateException e) {
            errors.println("headgate: " + e.getMessage());
            return 1;
        }
        Reload reload = new Reload(source, server.reloadable(), server.reloads());
        ServiceNotifier notifier = server.notifier(System.getenv());
        running.complete(() -> reload(reload, notifier));
        stopOnSignal(server, reload, notifier);
        Runnable drain = () -> new Thread(() -> System.exit(0), "drain").start();
        server.commands(reload, drain);
        try {
            server.offerHandover(next -> {
                if (next != 0) {
                    notifier.followedBy(next);
                }
                drain.run();
            });
        } catch (IOException e) {
            // The process before this one may be leaving already, so this one serves, though nobody can follow it.
            errors.println("headgate: " + e.getMessage());
        }
        ready.ready(config, server);
        notifier.ready("Listening on " + server.addresses());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** Told once callers are answered. */
    interface Ready {
        void ready(GatewayConfig config, ProxyServer server);
    }

    /** Loads a configuration, or says everything that is wrong with it. */
    static @Nullable GatewayConfig load(Path file, PrintWriter errors) {
        return load(new ConfigSource(file, System.getenv()), errors);
    }

    private static @Nullable GatewayConfig load(ConfigSource source, PrintWriter errors) {
        try {
            return source.load();
        } catch (ConfigException e) {
            e.problems().forEach(errors::println);
            return null;
        }
    }

    /** The same, where the files that it names are used too. */
    private static @Nullable GatewayConfig loadWithFiles(ConfigSource source, PrintWriter errors) {
        GatewayConfig config = load(source, errors);
        List<String> problems = config == null ? List.of() : FilesCheck.problems(config);
        problems.forEach(problem -> errors.println(source.file() + ": " + problem));
        return problems.isEmpty() ? config : null;
    }

    static String url(GatewayConfig config, ProxyServer server, int listener) {
        return url(
                server.addresses().get(listener),
                config.listeners().get(listener).tls() != null);
    }

    /** Where operators look in; null when that is off. */
    static @Nullable String adminUrl(GatewayConfig config, ProxyServer server) {
        InetSocketAddress address = server.adminAddress();
        return address == null || config.admin() == null
                ? null
                : url(address, config.admin().tls() != null);
    }

    private static String url(InetSocketAddress address, boolean encrypted) {
        String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return (encrypted ? "https" : "http") + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + address.getPort();
    }

    private static void reload(Reload reload, ServiceNotifier notifier) {
        notifier.reloading();
        ReloadOutcome outcome = reload.reload(Cause.SIGNAL);
        notifier.ready(
                outcome.applied()
                        ? "Reloaded at " + outcome.at()
                        : "Not reloaded at " + outcome.at() + ": "
                                + outcome.problems().get(0));
    }

    /** A stop in order is a success: the virtual machine would report the signal, so it is halted instead. */
    private static void stopOnSignal(ProxyServer server, Reload reload, ServiceNotifier notifier) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            notifier.stopping();
                            reload.close();
                            server.stop(server.reloadable().config().drain());
                            ProgramLog.end();
                            Runtime.getRuntime().halt(0);
                        },
                        "stop"));
    }

    /** {@code headgate run [FILE]}. */
    @Command(
            name = "run",
            description = "Starts the gateway. SIGHUP, or a change of the file, reloads it. SIGTERM stops it: open"
                    + " exchanges may finish, then it exits with 0.",
            mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
        private @Nullable Path file;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter errors = errors(spec);
            Path served = file == null ? defaultFile("headgate.yaml") : file;
            return serve(new ConfigSource(served, System.getenv()), errors, (config, server) -> {
                for (int i = 0; i < config.listeners().size(); i++) {
                    errors.println("headgate: listening on " + url(config, server, i));
                }
                String admin = adminUrl(config, server);
                if (admin != null) {
                    errors.println("headgate: admin on " + admin);
                }
            });
        }
    }

    /** {@code headgate check [FILE]}. */
    @Command(
            name = "check",
            description =
                    "Says what is wrong with a configuration and the certificates it names, and where; exits with 1 if anything is.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
        private @Nullable Path file;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Path checked = file == null ? defaultFile("headgate.yaml") : file;
            GatewayConfig config = loadWithFiles(new ConfigSource(checked, System.getenv()), errors(spec));
            if (config == null) {
                return 1;
            }
            try {
                Gateway.of(config, new FailedAttempts(1), null).release(null);
            } catch (SSLException e) {
                errors(spec).println(checked + ": " + e.getMessage());
                return 1;
            }
            System.out.println(
                    checked + ": good, with " + count(config.deployments().size(), "deployment") + ", "
                            + count(config.keys().size(), "key") + ", "
                            + count(config.listeners().size(), "listener"));
            return 0;
        }

        private static String count(int number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }
    }

    static PrintWriter errors(@Nullable CommandSpec spec) {
        return spec == null
                ? new PrintWriter(System.err, true, StandardCharsets.UTF_8)
                : spec.commandLine().getErr();
    }

    static PrintWriter out(@Nullable CommandSpec spec) {
        return spec == null
                ? new PrintWriter(System.out, true, StandardCharsets.UTF_8)
                : spec.commandLine().getOut();
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Headgate.class.getPackage().getImplementationVersion();
            return new String[] {"headgate " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
