package headgate.proxy.journey;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A caller that sends bytes exactly as it is told, and reads answers byte by byte. */
final class RawCaller implements AutoCloseable {
    /** An answer as it came: its head with all line ends, and its body without framing. */
    record Answer(int status, String head, String body) {
        /** The value of a header field, or an empty text. */
        String field(String name) {
            return new ScriptedUpstream.Request(head, "", 0).field(name);
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawCaller(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A caller over a connection that stands, such as one with TLS. */
    RawCaller(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    RawCaller send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** A chat request with this body, well formed. */
    RawCaller chat(String body, String... fields) throws IOException {
        return send(chatRequest(body, fields));
    }

    static String chatRequest(String body, String... fields) {
        StringBuilder head = new StringBuilder("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n")
                .append("api-key: ")
                .append(TestGateway.KEY)
                .append("\r\ncontent-type: application/json\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("content-length: ")
                        .append(body.getBytes(StandardCharsets.ISO_8859_1).length)
                        .append("\r\n\r\n")
                + body;
    }

    /** Reads a head up to its empty line; empty when the connection ended before it. */
    String readHead() throws IOException {
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

    /** Reads one whole answer to a request that was not HEAD. */
    Answer read() throws IOException {
        String head = readHead();
        if (head.isEmpty()) {
            throw new IOException("the connection ended before an answer");
        }
        int status = Integer.parseInt(head.substring(9, 12));
        Answer bare = new Answer(status, head, "");
        if (bare.field("transfer-encoding").equals("chunked")) {
            return new Answer(status, head, readChunks());
        }
        String length = bare.field("content-length");
        if (!length.isEmpty()) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            if (body.length < Integer.parseInt(length)) {
                throw new IOException("the answer is incomplete: " + body.length + " of " + length);
            }
            return new Answer(status, head, new String(body, StandardCharsets.UTF_8));
        }
        return status == 204 || status == 304 || status < 200
                ? bare
                : new Answer(status, head, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Reads so many bytes as they came. */
    byte[] readBytes(int length) throws IOException {
        return in.readNBytes(length);
    }

    /** Reads one chunk; empty for the last one. */
    String readChunk() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the answer is incomplete: it ended before the last chunk");
            }
            line.append((char) b);
        }
        int size = Integer.parseInt(line.toString().strip(), 16);
        byte[] payload = in.readNBytes(size);
        if (payload.length < size || in.readNBytes(2).length < 2) {
            throw new IOException("the answer is incomplete: it ended inside a chunk");
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** All that still comes before the connection ends; a reset ends it too. */
    String restUntilClose() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                rest.write(b);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // The gateway has closed with bytes of the caller unread.
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the gateway closes the connection within the time. */
    boolean closedWithin(int ms) throws IOException {
        socket.setSoTimeout(ms);
        try {
            while (in.read() >= 0) {
                // What still comes is of no interest.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readChunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
            body.append(chunk);
        }
        return body.toString();
    }
}
