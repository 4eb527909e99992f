package headgate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Objects;

/** A target of HTTP/1.1 that answers the first request of each connection with the same bytes, and closes it. */
record ClosingTarget(String answer) implements SocketTarget.Service {
    @Override
    public void serve(Socket socket, int number) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        while (!Objects.requireNonNullElse(in.readLine(), "").isEmpty()) {
            // The head; the body is left to what reads on below.
        }
        socket.getOutputStream().write(answer.getBytes(US_ASCII));
        socket.shutdownOutput();
        // What is left unread would make a reset of the end.
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
}
