package headgate.proxy.upstream;

import java.util.Random;
import java.util.stream.IntStream;

/** Request bodies with every combination of what the gateway looks at, in any order and with any white space. */
final class GeneratedBody {
    private static final String[] NAMES = {
        "stream",
        "stream",
        "stream_options",
        "stream_options",
        "temperature",
        "n",
        "foo",
        "bar",
        "messages",
        "user",
        "f\\u006fo"
    };
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t \r\n"};

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private GeneratedBody(Random random) {
        this.random = random;
    }

    static String next(Random random) {
        return new GeneratedBody(random).write();
    }

    /** Places to split a text at, from none to one in front of every character. */
    static int[] splits(Random random, int length) {
        int oneIn = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
        return IntStream.range(1, Math.max(1, length))
                .filter(place -> random.nextInt(oneIn) == 0)
                .toArray();
    }

    private String write() {
        space().append('{');
        int members = random.nextInt(7);
        int model = random.nextInt(10);
        for (int i = 0; i < members; i++) {
            space();
            if (i > 0) {
                text.append(',');
                space();
            }
            String name = i == model ? pick("model", "m\\u006fdel") : pick(NAMES);
            text.append('"').append(name).append('"');
            space().append(':');
            space().append(i == model ? pick("\"gpt\"", "null", "\"g\\\"pt\"", "\"\"") : value(name));
        }
        space().append('}');
        return space().toString();
    }

    private String value(String name) {
        return switch (name) {
            case "stream" -> pick("true", "true", "false", "null");
            case "stream_options" ->
                pick(
                        "{}",
                        "{ }",
                        "null",
                        "[]",
                        "\"x\"",
                        "{\"include_usage\":true}",
                        "{\"include_usage\" : false , \"a\":1}",
                        "{\"a\":{\"include_usage\":true}}",
                        "{\"include_usage\":true,\"include_usage\":null}");
            case "messages" -> pick("[{\"role\":\"user\",\"content\":\"include_usage }\\\"\"}]", "[]");
            default -> pick("1", "-1.50e+3", "\"two, }\"", "{\"model\":[{}]}", "[1, 2]", "null");
        };
    }

    private StringBuilder space() {
        return text.append(pick(SPACES));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
