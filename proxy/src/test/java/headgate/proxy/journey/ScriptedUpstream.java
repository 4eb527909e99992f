package headgate.proxy.journey;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An upstream that reads requests byte by byte, keeps them as they came, and answers what the test says.
 *
 * <p>Each connection has a thread; the script is called for each request on it.
 */
final class ScriptedUpstream implements AutoCloseable {
    /** What the upstream does with one request. */
    interface Script {
        void answer(Request request, Call call) throws IOException, InterruptedException;
    }

    /** What is spoken on a connection that was accepted, such as TLS. */
    interface Layer {
        Socket over(Socket plain) throws IOException;
    }

    /** One request as it came: its head with all line ends, and its body without framing. */
    record Request(String head, String body, int connection) {
        String line() {
            return head.substring(0, head.indexOf('\r'));
        }

        /** The value of a header field, or an empty text. */
        String field(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    /**
     * The connection a request came on.
     *
     * @param plain what is below TLS, if that is spoken; else the same
     */
    record Call(Socket socket, Socket plain, InputStream in, OutputStream out) {
        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Answers with JSON and a content length. */
        void json(int status, String body, String... fields) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
            for (String field : fields) {
                head.append(field).append("\r\n");
            }
            send(head + "content-type: application/json\r\ncontent-length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
        }

        /** Begins a chunked stream of events. */
        void beginEvents() throws IOException {
            send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
        }

        /** Sends one chunk. */
        void chunk(String payload) throws IOException {
            send(Integer.toHexString(payload.getBytes(StandardCharsets.ISO_8859_1).length) + "\r\n" + payload + "\r\n");
        }

        /** Sends the last chunk. */
        void endChunks() throws IOException {
            send("0\r\n\r\n");
        }

        /** Closes with a reset. */
        void reset() throws IOException {
            plain.setSoLinger(true, 0);
            plain.close();
        }

        /** Waits until the other side has closed; false when the time is over first. */
        boolean awaitClosed(long ms) throws IOException {
            socket.setSoTimeout((int) ms);
            try {
                return in.read() < 0;
            } catch (java.net.SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final Layer layer;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Socket held = new Socket();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private ScriptedUpstream(Script script, InetAddress address, Layer layer) throws IOException {
        this.listener = new ServerSocket(0, 1024, address);
        this.script = script;
        this.layer = layer;
        start(this::accept, "upstream");
    }

    static ScriptedUpstream start(Script script) throws IOException {
        return start(script, InetAddress.getLoopbackAddress(), plain -> plain);
    }

    static ScriptedUpstream start(Script script, InetAddress address, Layer layer) throws IOException {
        return new ScriptedUpstream(script, address, layer);
    }

    int port() {
        return listener.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The next request that came, whole; fails when none comes in half a minute. */
    Request next() throws InterruptedException {
        Request request = requests.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came to the upstream; its failures: " + failures);
        }
        return request;
    }

    /** How many requests came and were not taken by {@link #next()}. */
    int waiting() {
        return requests.size();
    }

    /** How many connections were ever accepted. */
    int connections() {
        return sockets.size();
    }

    /** Whether every connection that was accepted ends before a limit of the gateway would end it. */
    boolean awaitAllClosed() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until) {
            if (sockets.stream().allMatch(Socket::isClosed)) {
                return true;
            }
            Thread.sleep(5);
        }
        return false;
    }

    /** Refuses connections from now on; a socket that does not listen keeps others from getting the port. */
    void refuse() throws IOException {
        SocketAddress address = listener.getLocalSocketAddress();
        close();
        held.setReuseAddress(true);
        // The port is let go when the accepting thread notices.
        await().ignoreException(BindException.class).until(() -> {
            held.bind(address);
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (held.isBound()) {
            held.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = sockets.size();
                start(() -> serve(socket, number), "upstream-" + number);
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private void serve(Socket plain, int number) {
        try (plain;
                Socket socket = layer.over(plain)) {
            InputStream in = new java.io.BufferedInputStream(socket.getInputStream());
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                Request bare = new Request(head, "", number);
                Request request = new Request(head, readBody(in, bare), number);
                requests.add(request);
                script.answer(request, new Call(socket, plain, in, socket.getOutputStream()));
            }
        } catch (IOException e) {
            // The other side has gone, which the test sees for itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String readBody(InputStream in, Request bare) throws IOException {
        if (bare.field("transfer-encoding").equals("chunked")) {
            StringBuilder body = new StringBuilder();
            for (int size = readSize(in); size > 0; size = readSize(in)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                in.readNBytes(2);
            }
            in.readNBytes(2);
            return body.toString();
        }
        String length = bare.field("content-length");
        return length.isEmpty() ? "" : new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
    }

    private static int readSize(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the body ended in the middle");
            }
            line.append((char) b);
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
