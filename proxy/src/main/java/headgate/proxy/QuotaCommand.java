package headgate.proxy;

import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.PrintWriter;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headgate quota}: what the limits of a running gateway stand at. */
@Command(
        name = "quota",
        description = "Shows what the limits of a running gateway stand at.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = QuotaCommand.Show.class)
final class QuotaCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
    }

    /** {@code headgate quota show [FILE]}. */
    @Command(
            name = "show",
            description =
                    "Prints every limit in use: used, reserved by exchanges in progress, leased and not used yet, left,"
                            + " and the time until nothing counts any more. Asks the admin listener of the configuration.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
        private @Nullable Path file;

        @Option(names = "--deployment", paramLabel = "X", description = "only limits of this deployment")
        private @Nullable String deployment;

        @Option(names = "--principal", paramLabel = "Y", description = "only limits of this caller")
        private @Nullable String principal;

        @Option(names = "--json", description = "as JSON, times in seconds")
        private boolean json;

        @Mixin
        private AdminOptions admin = new AdminOptions();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = Headgate.out(spec);
            return admin.ask(file, "GET", query(), BodyPublishers.noBody(), Headgate.errors(spec), limits -> {
                out.println(json ? limits : QuotaTable.of(limits));
                out.flush();
            });
        }

        private String query() {
            QueryStringEncoder query = new QueryStringEncoder("/quota");
            if (deployment != null) {
                query.addParam("deployment", deployment);
            }
            if (principal != null) {
                query.addParam("principal", principal);
            }
            return query.toString();
        }
    }
}
