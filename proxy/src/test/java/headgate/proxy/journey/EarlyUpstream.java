package headgate.proxy.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** An upstream that begins its answer as soon as a request's head has begun to come. */
final class EarlyUpstream implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Socket> accepted;

    /** Starts; what it answers early is given whole. */
    EarlyUpstream(String answer) throws IOException {
        accepted = CompletableFuture.supplyAsync(() -> {
            try {
                Socket socket = listener.accept();
                socket.getInputStream().readNBytes(500_000);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                return socket;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    void send(String text) throws IOException {
        accepted.join().getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads the request on, up to its last chunk. */
    void readToLastChunk() throws IOException {
        accepted.join().setSoTimeout(30_000);
        StringBuilder tail = new StringBuilder();
        byte[] part = new byte[1 << 16];
        while (!tail.toString().endsWith("\r\n0\r\n\r\n")) {
            int length = accepted.join().getInputStream().read(part);
            if (length < 0) {
                throw new IOException("the request is incomplete");
            }
            tail.append(new String(part, Math.max(0, length - 7), Math.min(7, length), StandardCharsets.US_ASCII));
        }
    }

    /** Whether the connection ends before a limit of the gateway would end it. */
    boolean awaitClosed() throws IOException {
        accepted.join().setSoTimeout(20_000);
        try {
            accepted.join().getInputStream().readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (!accepted.isCompletedExceptionally()) {
            accepted.join().close();
        }
    }
}
