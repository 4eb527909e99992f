package headgate.filters.usage;

import java.util.Random;

/** Answers as providers might write them, with everything in them that could be taken for a usage. */
final class GeneratedAnswer {
    private static final String[] STRINGS = {
        "\"\"",
        "\"usage\"",
        "\"\\\"usage\\\":{\\\"prompt_tokens\\\":9}\"",
        "\"data: {\\\"choices\\\":[],\\\"usage\\\":{}}\\n\\n\"",
        "\"}{][,:\"",
        "\"\\\\\"",
        "\"gusage \\u0022usage\"",
        "\"\u00e4\u20ac\""
    };
    private static final String[] COUNTED = {
        "prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "cached_tokens", "reasoning_tokens"
    };
    private static final String[] OTHER = {
        "total_tokens", "usag", "usage ", "choice", "details", "x", "prompt_tokens_details"
    };
    private static final String[] NUMBERS = {
        "0", "7", "12", "345", "-5", "1.5", "2e3", "1125899906842624", "null", "true"
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private GeneratedAnswer(Random random) {
        this.random = random;
    }

    /** One document. */
    static String document(Random random) {
        GeneratedAnswer answer = new GeneratedAnswer(random);
        answer.object(3);
        return answer.text.toString();
    }

    /** A whole stream whose events end in this kind of line. */
    static String stream(Random random, String lineEnd) {
        GeneratedAnswer answer = new GeneratedAnswer(random);
        int events = 1 + random.nextInt(5);
        for (int i = 0; i < events; i++) {
            answer.event(lineEnd);
        }
        return answer.text
                .append("data: [DONE]")
                .append(lineEnd)
                .append(lineEnd)
                .toString();
    }

    private void event(String lineEnd) {
        if (random.nextInt(5) == 0) {
            text.append("event: message").append(lineEnd);
        }
        text.append("data: {");
        String choices = "\"choices\":" + pick("[]", " [ ]", "[{\"delta\":{\"content\":" + pick(STRINGS) + "}}]");
        if (random.nextBoolean()) {
            text.append(choices).append(',');
            member("usage");
        } else {
            member("usage");
            text.append(',').append(choices);
        }
        text.append('}').append(lineEnd).append(lineEnd);
    }

    private void member(String name) {
        text.append('"')
                .append(name)
                .append('"')
                .append(pick("", "", " "))
                .append(':')
                .append(pick("", "", " "));
        if (name.equals("usage")) {
            switch (random.nextInt(4)) {
                case 0 -> text.append("null");
                case 1 -> text.append(pick(STRINGS));
                default -> usage(2);
            }
        } else {
            text.append(pick(pick(NUMBERS), pick(STRINGS)));
        }
    }

    private void usage(int depth) {
        text.append('{');
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            text.append(i > 0 ? "," : "").append(pick("", " ", "\t"));
            text.append('"')
                    .append(random.nextInt(3) > 0 ? pick(COUNTED) : pick(OTHER))
                    .append("\":");
            if (depth > 0 && random.nextInt(4) == 0) {
                boolean array = random.nextBoolean();
                text.append(array ? "[1," : "");
                usage(depth - 1);
                text.append(array ? "]" : "");
            } else {
                text.append(random.nextInt(5) == 0 ? pick(STRINGS) : pick(NUMBERS));
            }
            text.append(pick("", "", " "));
        }
        text.append('}');
    }

    private void object(int depth) {
        text.append('{');
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            text.append(i > 0 ? "," : "");
            if (depth > 0 && random.nextInt(3) == 0) {
                text.append("\"").append(pick(OTHER)).append("\":");
                object(depth - 1);
            } else {
                member(random.nextInt(3) == 0 ? "usage" : pick(OTHER));
            }
        }
        text.append('}');
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
