import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Opens connections, has one whole chat answered on each, and holds them open: {@code java UsedConnections.java PORT KEY COUNT}. Says
 * {@code held} when it has them all, and ends with its standard input.
 */
final class UsedConnections {
    /** Opened at once, so that what a proxy needs for exchanges in progress is little beside what idle connections cost. */
    private static final int AT_ONCE = 16;

    private static final String BODY = "{\"model\":\"gpt\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}";

    public static void main(String... arguments) throws Exception {
        InetSocketAddress proxy = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        byte[] request = ("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: bench\r\napi-key: " + arguments[1]
                        + "\r\ncontent-type: application/json\r\ncontent-length: " + BODY.length() + "\r\n\r\n" + BODY)
                .getBytes(US_ASCII);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<Socket>> opening = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            opening.add(threads.submit(() -> open(proxy, request)));
        }
        List<Socket> held = new ArrayList<>();
        try {
            for (Future<Socket> each : opening) {
                held.add(each.get());
            }
        } catch (ExecutionException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
        System.out.println("held " + held.size());
        while (System.in.read() >= 0) {
            // Until it ends.
        }
        System.exit(0);
    }

    private static Socket open(InetSocketAddress proxy, byte[] request) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(proxy);
        socket.getOutputStream().write(request);
        InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
        String head = until(in, "\r\n\r\n").toLowerCase(Locale.ROOT);
        if (!head.startsWith("http/1.1 200")) {
            throw new IOException(head);
        }
        int length = head.indexOf("content-length: ");
        if (length < 0) {
            until(in, "0\r\n\r\n");
        } else {
            in.skipNBytes(Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length))));
        }
        return socket;
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length() || !text.substring(text.length() - end.length()).equals(end)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }
}
