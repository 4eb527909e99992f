package headgate.filters.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Random;

/** Chat bodies as callers send them, of about a given size. */
final class ChatBodies {
    private static final String QUESTION =
            "{\"role\":\"user\",\"content\":\"Which of these canals was finished first, and who paid for it?\\n\\n"
                    + "Answer in two sentences; say \\\"unknown\\\" where the sources are silent.\"},";
    private static final String ANSWER =
            "{\"role\":\"assistant\",\"content\":\"The older one was opened in spring, twelve years before the other. "
                    + "Its shareholders were merchants from both towns – the crown gave nothing – and each lock was "
                    + "named after one of them.\"},";
    private static final String LAST = "{\"role\":\"user\",\"content\":\"Thank you. And the café at the lock?\"}";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find_lock\","
            + "\"description\":\"Finds a lock by its name\",\"parameters\":{\"type\":\"object\",\"properties\":{"
            + "\"name\":{\"type\":\"string\",\"description\":\"The lock's name\"},"
            + "\"year\":{\"type\":\"integer\",\"minimum\":1500}},\"required\":[\"name\"]}}}]";
    private static final String SETTINGS = ",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
            + "\"temperature\":0.7,\"max_completion_tokens\":1024,\"user\":\"reader-17\"";
    private static final String MODEL = "\"model\":\"gpt-4o-2024-11-20\"";

    private ChatBodies() {}

    /** A conversation of about {@code length} bytes; from a few kilobytes on it brings a tool. */
    static byte[] conversation(int length, boolean modelFirst) {
        StringBuilder messages =
                new StringBuilder("{\"role\":\"system\",\"content\":\"You are a keeper of canals.\"},");
        int others = length < 4096 ? SETTINGS.length() : SETTINGS.length() + TOOLS.length();
        while (messages.length() + others + LAST.length() + QUESTION.length() + ANSWER.length() < length) {
            messages.append(QUESTION).append(ANSWER);
        }
        messages.append(LAST);
        return body(messages, length < 4096 ? SETTINGS : TOOLS + SETTINGS, modelFirst);
    }

    /** A question about one image that fills most of {@code length} bytes. */
    static byte[] image(int length, boolean modelFirst) {
        byte[] pixels = new byte[length / 4 * 3 - 2048];
        new Random(17).nextBytes(pixels);
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(pixels);
        StringBuilder messages = new StringBuilder("{\"role\":\"user\",\"content\":[{\"type\":\"text\",")
                .append("\"text\":\"What is in this picture?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"")
                .append(url)
                .append("\",\"detail\":\"high\"}}]},")
                .append(LAST);
        return body(messages, SETTINGS, modelFirst);
    }

    private static byte[] body(StringBuilder messages, String others, boolean modelFirst) {
        String rest = "\"messages\":[" + messages + "]" + others;
        return (modelFirst ? "{" + MODEL + "," + rest + "}" : "{" + rest + "," + MODEL + "}").getBytes(UTF_8);
    }
}
