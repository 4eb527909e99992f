package headgate.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A target whose connections are served by hand, each on a thread of its own. */
final class SocketTarget implements AutoCloseable {
    /** What is said on one connection. */
    interface Service {
        /**
         * Serves it; it is closed when this returns or fails.
         *
         * @param number 1 for the first connection
         */
        void serve(Socket socket, int number) throws IOException, InterruptedException;
    }

    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final Service service;

    SocketTarget(Service service) throws IOException {
        this.service = service;
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
        for (int accepted = 1; !listener.isClosed(); accepted++) {
            try {
                Socket socket = listener.accept();
                int number = accepted;
                thread(() -> serve(socket, number));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            service.serve(socket, number);
        } catch (IOException gone) {
            // The caller is done with it.
        } catch (InterruptedException neverDone) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "target");
        thread.setDaemon(true);
        thread.start();
    }
}
