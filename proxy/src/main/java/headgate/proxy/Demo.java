package headgate.proxy;

import headgate.conf.ConfigSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code headgate demo}: the gateway in front of a simulated provider, and a line to try it with.
 *
 * <p>The provider is a process of its own, so that the gateway can be looked at alone; it ends when this one does.
 */
@Command(
        name = "demo",
        description = "Starts the gateway with a simulated provider, and prints a line to try it with.",
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
    private static final String PROVIDER = "headgate.loadtest.SimulatedProvider";
    private static final String LISTENING = "listening on ";

    @Option(
            names = "--between-tokens",
            paramLabel = "DURATION",
            defaultValue = "20ms",
            description = "pace of the simulated provider; default: ${DEFAULT-VALUE}")
    private String betweenTokens = "20ms";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter errors = Headgate.errors(spec);
        Process provider = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PROVIDER,
                        "--port",
                        "0",
                        "--between-tokens",
                        betweenTokens,
                        "--until-stdin-closes")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String address = address(provider);
        if (address == null) {
            errors.println("headgate: the simulated provider did not start");
            return 1;
        }
        Path file = Headgate.defaultFile("demo.yaml");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("HEADGATE_DEMO_PROVIDER", "http://" + address);
        return Headgate.serve(
                new ConfigSource(file, environment),
                errors,
                (config, server) -> errors.println(invitation(
                        Headgate.url(config, server, 0), address, String.valueOf(Headgate.adminUrl(config, server)))));
    }

    private static @Nullable String address(Process provider) throws IOException {
        BufferedReader lines = provider.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        return line == null || !line.startsWith(LISTENING) ? null : line.substring(LISTENING.length());
    }

    private static String invitation(String url, String provider, String admin) {
        return """

                Headgate is listening on %1$s, in front of a simulated provider on %2$s.

                Try it:

                  curl -N %1$s/openai/v1/chat/completions -H 'api-key: headgate-demo-key' \\
                    -H 'content-type: application/json' \\
                    -d '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

                or with an SDK:

                  from openai import OpenAI
                  client = OpenAI(base_url="%1$s/openai/v1", api_key="headgate-demo-key")
                  print(client.chat.completions.create(
                      model="mistral-large", messages=[{"role": "user", "content": "Hello!"}]).choices[0].message.content)

                What it is doing: %3$s/

                Another model is another word. Ctrl-C stops both. Access log:
                """.formatted(url, provider, admin);
    }
}
