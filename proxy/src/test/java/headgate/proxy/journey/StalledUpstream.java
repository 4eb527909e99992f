package headgate.proxy.journey;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** An upstream that accepts one connection and reads nothing until it is told to. */
final class StalledUpstream implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket();

    StalledUpstream() throws IOException {
        listener.setReceiveBufferSize(64 * 1024);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Reads until the connection ends, before a limit of the gateway would end it. */
    void awaitClosed() throws IOException {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(20_000);
            InputStream in = socket.getInputStream();
            byte[] sink = new byte[1 << 16];
            while (in.read(sink) >= 0) {
                // Only the end is of interest.
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection did not close", e);
        } catch (IOException e) {
            // A reset is an end as well.
        }
    }

    /** Reads a chunked request to its end and answers; how many bytes it had with its framing. */
    int readAndAnswer() {
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            byte[] part = new byte[1 << 16];
            int total = 0;
            String tail = "";
            while (!tail.endsWith("\r\n0\r\n\r\n")) {
                int length = in.read(part);
                if (length < 0) {
                    throw new AssertionError("the request is incomplete");
                }
                total += length;
                // The last chunk may come in pieces, or in the company of others.
                tail += new String(part, Math.max(0, length - 16), Math.min(16, length), StandardCharsets.US_ASCII);
                tail = tail.substring(Math.max(0, tail.length() - 16));
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            return total;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
