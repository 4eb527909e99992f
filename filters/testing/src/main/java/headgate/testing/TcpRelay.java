package headgate.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A port that stands in front of another one: it can be far away, and speak what that one does not, such as TLS. */
public final class TcpRelay implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;

    /** What is spoken on a connection that was accepted. */
    public interface Layer {
        /** The connection above the plain one; it may wait for its peer. */
        Socket over(Socket plain) throws IOException;
    }

    private record Part(ByteBuffer bytes, long dueNanos) {}

    private final ServerSocket listener;
    private final int target;
    private final Layer layer;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long delayNanos;

    /** A relay to a port on 127.0.0.1. */
    public TcpRelay(int target, Layer layer) throws IOException {
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        this.target = target;
        this.layer = layer;
        run("relay", this::accept);
    }

    /** One that passes on what it gets. */
    public TcpRelay(int target) throws IOException {
        this(target, plain -> plain);
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** From now on, what is sent arrives so much later; answers come at once. */
    public void delay(long ms) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket plain = listener.accept();
            sockets.add(plain);
            run("relay-connection", () -> serve(plain));
        }
    }

    private void serve(Socket plain) throws IOException {
        try (plain;
                Socket near = layer.over(plain);
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            BlockingQueue<Part> sent = new LinkedBlockingQueue<>();
            run("relay-delay", () -> deliver(sent, far));
            run("relay-answers", () -> {
                try (near) {
                    far.getInputStream().transferTo(near.getOutputStream());
                }
            });
            InputStream in = near.getInputStream();
            byte[] block = new byte[BLOCK];
            for (int length = in.read(block); length > 0; length = in.read(block)) {
                sent.add(new Part(ByteBuffer.wrap(Arrays.copyOf(block, length)), System.nanoTime() + delayNanos));
            }
            sent.add(new Part(ByteBuffer.allocate(0), System.nanoTime()));
        }
    }

    private static void deliver(BlockingQueue<Part> sent, Socket far) throws IOException {
        try {
            for (Part part = sent.take(); part.bytes.hasRemaining(); part = sent.take()) {
                TimeUnit.NANOSECONDS.sleep(part.dueNanos - System.nanoTime());
                byte[] bytes = new byte[part.bytes.remaining()];
                part.bytes.get(bytes);
                far.getOutputStream().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void go() throws IOException;
    }

    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.go();
                    } catch (IOException e) {
                        // One side has gone, which the other one sees for itself.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
