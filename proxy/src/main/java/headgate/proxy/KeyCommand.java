package headgate.proxy;

import headgate.conf.ConfigException;
import headgate.conf.KeyConfig;
import headgate.filters.identity.KeyText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headgate key}: makes keys, and keeps those that nodes share. */
@Command(
        name = "key",
        description = "Makes callers' keys. A key is printed once; only its SHA-256 is ever stored.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KeyCommand.New.class,
            SharedKeyCommand.Add.class,
            SharedKeyCommand.ListAll.class,
            SharedKeyCommand.Rotate.class,
            SharedKeyCommand.Revoke.class
        })
final class KeyCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
    }

    /** Prints a key, the only time that it is seen. */
    static void print(String secret, PrintWriter out) {
        out.println("# The key, shown this once:");
        out.println(secret);
        out.flush();
    }

    /** {@code headgate key new NAME}. */
    @Command(
            name = "new",
            description = "Prints a new key, and what the configuration says to let it in. Stores nothing.",
            mixinStandardHelpOptions = true)
    static final class New implements Callable<Integer> {
        @Mixin
        private KeyOptions options = new KeyOptions();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            String secret = KeyText.create();
            try {
                KeyConfig key = options.key(KeyText.sha256(secret));
                PrintWriter out = Headgate.out(spec);
                print(secret, out);
                out.println("# For the configuration:");
                out.print(KeyOptions.yaml(key));
                out.flush();
                return 0;
            } catch (ConfigException e) {
                e.problems().forEach(problem -> Headgate.errors(spec).println("headgate: " + problem));
                return 1;
            }
        }
    }
}
