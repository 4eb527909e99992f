package headgate.proxy.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes requests that are nearly well formed: sized or chunked, some of them trying to hide another one, most of them with a
 * few bytes of their framing changed.
 */
final class RequestMutations {
    private static final String HEAD = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: gateway\r\napi-key: "
            + TestGateway.KEY + "\r\nContent-Type: application/json\r\nX-Trace: abc\r\n";
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "0",
        "1",
        "9",
        "f",
        "-",
        "+",
        "0x",
        "\u00ff",
        "\u000b",
        "0\r\n\r\n",
        "\r\n ",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Host: other\r\n",
        "HTTP/1.0",
        "Connection: close\r\n",
        "Connection: content-length\r\n",
        "Expect: 100-continue\r\n",
        "chunked",
        "_",
        "%0d%0a",
        "PUT "
    };

    private final Random random;

    RequestMutations(long seed) {
        random = new Random(seed);
    }

    /** A length for a body: mostly short, at times so long that it is streamed. */
    int size() {
        return random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(100);
    }

    /** A request with this body; at times it tries to hide another one with the second body. */
    String request(String body, String hidden) {
        return switch (random.nextInt(12)) {
            case 0, 8, 9 -> sized(body);
            case 1, 10, 11 -> chunked(body);
            case 2 ->
                mutated(HEAD + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunks(body) + sized(hidden));
            case 3 ->
                mutated(HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + sized(hidden));
            case 4 -> mutated(HEAD + "X-Smuggled: " + line(sized(hidden)) + "\r\n" + length(body), body);
            case 5 -> mutated(HEAD + "Transfer-Encoding: chunked\r\n", extended(body, line(sized(hidden))));
            case 6 -> mutated(HEAD + length(body), body);
            default -> mutated(HEAD + "Transfer-Encoding: chunked\r\n", chunks(body));
        };
    }

    /** The bytes cut at random. */
    List<String> segments(String bytes) {
        List<String> segments = new ArrayList<>();
        for (int at = 0; at < bytes.length(); ) {
            int end = Math.min(bytes.length(), at + 1 + random.nextInt(random.nextBoolean() ? 300 : 10_000));
            segments.add(bytes.substring(at, end));
            at = end;
        }
        return segments;
    }

    private static String sized(String body) {
        return HEAD + length(body) + "\r\n" + body;
    }

    private String chunked(String body) {
        return HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body);
    }

    private static String length(String body) {
        return "Content-Length: " + body.length() + "\r\n";
    }

    private static String line(String request) {
        return request.replace("\r\n", " ");
    }

    private String chunks(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int end = Math.min(body.length(), at + 1 + random.nextInt(5_000));
            chunks.append(Integer.toHexString(end - at))
                    .append("\r\n")
                    .append(body, at, end)
                    .append("\r\n");
            at = end;
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    private String extended(String body, String extension) {
        return chunks(body).replaceFirst("\r\n", ";" + extension.replace("$", "") + "\r\n");
    }

    /** Changes a few bytes of the head or of the body's framing; a body's own bytes stay as they are. */
    private String mutated(String head, String body) {
        StringBuilder mutated = new StringBuilder(head).append("\r\n");
        int framing = mutated.length();
        mutated.append(body);
        for (int i = random.nextInt(3); i > 0; i--) {
            boolean behind = random.nextInt(4) == 0;
            int at = behind ? behindPayload(mutated, framing) : random.nextInt(Math.min(framing, mutated.length()));
            switch (random.nextInt(3)) {
                case 0 -> mutated.deleteCharAt(at);
                case 1 -> mutated.insert(at, PIECES[random.nextInt(PIECES.length)]);
                default -> {
                    String piece = PIECES[random.nextInt(PIECES.length)];
                    mutated.replace(at, Math.min(mutated.length(), at + piece.length()), piece);
                }
            }
        }
        return mutated.toString();
    }

    /** A place in the first bytes behind the head or in the last ones of the message. */
    private int behindPayload(StringBuilder message, int framing) {
        int start = Math.min(framing, message.length() - 1);
        int room = Math.min(8, message.length() - start);
        return random.nextBoolean() ? start + random.nextInt(room) : message.length() - 1 - random.nextInt(7);
    }
}
