package headgate.proxy;

import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headgate explain}: what became of an exchange, or what would become of a request. */
@Command(
        name = "explain",
        description =
                "Prints, as JSON, what became of the exchanges of an id, or what would become of a request without"
                        + " sending it. Asks the admin listener of the configuration.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    /** One of both is asked for. */
    static final class Asked {
        @Option(names = "--id", paramLabel = "ID", required = true, description = "x-request-id of the answer")
        private @Nullable String id;

        @Option(
                names = "--request",
                paramLabel = "JSON",
                required = true,
                description = "file with path, headers and body of the request; docs/operating.md has an example")
        private @Nullable Path request;
    }

    @ArgGroup(multiplicity = "1")
    private Asked asked = new Asked();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
    private @Nullable Path file;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Headgate.out(spec);
        AdminOptions.Printing printing = body -> {
            out.println(body);
            out.flush();
        };
        PrintWriter errors = Headgate.errors(spec);
        if (asked.request == null) {
            QueryStringEncoder page = new QueryStringEncoder("/explain");
            page.addParam("id", String.valueOf(asked.id));
            return admin.ask(file, "GET", page.toString(), BodyPublishers.noBody(), errors, printing);
        }
        try {
            BodyPublisher body = BodyPublishers.ofFile(asked.request);
            return admin.ask(file, "POST", "/explain", body, errors, printing);
        } catch (FileNotFoundException e) {
            errors.println("headgate: " + asked.request + " cannot be read");
            return 1;
        }
    }
}
