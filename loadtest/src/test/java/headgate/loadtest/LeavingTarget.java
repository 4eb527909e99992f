package headgate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A target that closes so many silent connections, and answers the one call beside them when its caller has noticed. */
final class LeavingTarget implements SocketTarget.Service {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch missing;
    private final CountDownLatch held;

    LeavingTarget(int silent) {
        missing = new CountDownLatch(silent + 1);
        held = new CountDownLatch(silent);
    }

    @Override
    public void serve(Socket socket, int number) throws IOException, InterruptedException {
        open.add(socket);
        missing.countDown();
        if (socket.getInputStream().read() < 0) {
            held.countDown();
            return;
        }
        missing.await();
        open.remove(socket);
        for (Socket silent : open) {
            silent.shutdownOutput();
        }
        held.await();
        socket.getOutputStream().write(ANSWER.getBytes(US_ASCII));
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
}
