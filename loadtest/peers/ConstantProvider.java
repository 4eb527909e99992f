import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * Answers every request with the same stream of 200 events, each a chunk of its own, in one write, so that none of what is
 * measured waits for it: {@code java ConstantProvider.java PORT}. A thread for each connection; understands content-length alone.
 */
final class ConstantProvider {
    private static final int EVENTS = 200;
    private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String OBJECT = "data: {\"id\":\"chatcmpl-0123456789abcdef01234567\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
            + "\"model\":\"upstream-model\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulated\",\"choices\":[";
    private static final ByteBuffer PLAIN = stream(false);
    /** For who asked for usage: the field in every event, null until the last. */
    private static final ByteBuffer WITH_USAGE = stream(true);

    public static void main(String... arguments) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open()
                .bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 4096);
        while (true) {
            SocketChannel connection = listener.accept();
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Thread thread = new Thread(() -> answer(connection));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void answer(SocketChannel connection) {
        ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        byte[] bytes = new byte[in.capacity()];
        try (connection) {
            while (connection.read(in) > 0) {
                in.get(0, bytes, 0, in.position());
                String request = new String(bytes, 0, in.position(), US_ASCII);
                int head = request.indexOf("\r\n\r\n") + 4;
                if (head < 4 || request.length() < head + bodyLength(request.substring(0, head))) {
                    continue;
                }
                in.clear();
                ByteBuffer out = (request.contains("\"include_usage\":true") ? WITH_USAGE : PLAIN).duplicate();
                while (out.hasRemaining()) {
                    connection.write(out);
                }
            }
        } catch (IOException gone) {
            // Whoever called has left.
        }
    }

    private static int bodyLength(String head) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:") + 15;
        return at < 15 ? 0 : Integer.parseInt(head.substring(at, head.indexOf('\r', at)).trim());
    }

    private static ByteBuffer stream(boolean usage) {
        String close = "\"logprobs\":null,\"finish_reason\":%s}]" + (usage ? ",\"usage\":null}" : "}");
        StringBuilder text = new StringBuilder(HEAD);
        chunk(text, OBJECT + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"refusal\":null,\"content\":\"\"}," + String.format(close, "null"));
        for (int event = 0; event < EVENTS; event++) {
            chunk(text, OBJECT + "{\"index\":0,\"delta\":{\"content\":\" word\"}," + String.format(close, "null"));
        }
        chunk(text, OBJECT + "{\"index\":0,\"delta\":{}," + String.format(close, "\"stop\""));
        if (usage) {
            chunk(text, OBJECT + "],\"usage\":{\"prompt_tokens\":230,\"completion_tokens\":200,\"total_tokens\":430}}");
        }
        chunk(text, "data: [DONE]");
        byte[] bytes = text.append("0\r\n\r\n").toString().getBytes(US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }

    private static void chunk(StringBuilder text, String event) {
        text.append(Integer.toHexString(event.length() + 2)).append("\r\n").append(event).append("\n\n\r\n");
    }
}
