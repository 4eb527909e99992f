package headgate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;

/** A target of HTTP/1.1 that answers the first request of each connection with the same bytes, and closes it. */
final class ClosingTarget implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    ClosingTarget(String answer) throws IOException {
        this.answer = answer.getBytes(US_ASCII);
        thread(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                thread(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            while (!Objects.requireNonNullElse(in.readLine(), "").isEmpty()) {
                // The head; the body is left to what reads on below.
            }
            socket.getOutputStream().write(answer);
            socket.shutdownOutput();
            // What is left unread would make a reset of the end.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // The caller is done with it.
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "target");
        thread.setDaemon(true);
        thread.start();
    }
}
