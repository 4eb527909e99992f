package headgate.proxy.journey;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A measurement, not a test: 500 uploads of 20 MB at once, first with {@code model} first and then with it last, against a
 * gateway in a process of its own with the launcher's flags. It prints what was answered, and the most memory the process
 * ever had resident, which must stay below 1 GiB.
 */
final class UploadMemory {
    private static final int BODY_BYTES = 20 << 20;
    private static final String[] LAUNCHER = {
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-Xms64m",
        "-Xmx256m",
        "-XX:MaxDirectMemorySize=640m",
        "-Dio.netty.allocator.lowMemory=false"
    };

    private UploadMemory() {}

    /** Arguments: how many uploads; 500 without. */
    public static void main(String[] arguments) throws Exception {
        int uploads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
        for (boolean modelFirst : new boolean[] {true, false}) {
            measure(uploads, modelFirst);
        }
    }

    private static void measure(int uploads, boolean modelFirst) throws Exception {
        Path directory = Files.createTempDirectory("upload-memory");
        try (ServerSocket upstream = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
                ChildGateway gateway = new ChildGateway(
                        directory, """
                        listen: 127.0.0.1:0
                        keys: { caller: %s }
                        deployments:
                          gpt: { upstreams: [{ url: "http://127.0.0.1:%d" }] }
                        """.formatted(TestGateway.KEY, upstream.getLocalPort()), LAUNCHER)) {
            daemon(() -> accept(upstream));
            Map<String, Integer> outcomes = new TreeMap<>();
            CountDownLatch done = new CountDownLatch(uploads);
            long start = System.nanoTime();
            for (int i = 0; i < uploads; i++) {
                daemon(() -> {
                    String outcome = upload(gateway.port(), modelFirst);
                    synchronized (outcomes) {
                        outcomes.merge(outcome, 1, Integer::sum);
                    }
                    done.countDown();
                });
            }
            boolean all = done.await(5, TimeUnit.MINUTES);
            String peak = Files.readString(Path.of("/proc/" + gateway.pid() + "/status"))
                    .lines()
                    .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
                    .toList()
                    .toString();
            synchronized (outcomes) {
                System.out.printf(
                        "model %s: %d uploads, all over: %b, %.1f s, outcomes %s, %s%n",
                        modelFirst ? "first" : "last", uploads, all, (System.nanoTime() - start) / 1e9, outcomes, peak);
            }
        }
    }

    private static String upload(int port, boolean modelFirst) {
        byte[] part = new byte[64 * 1024];
        Arrays.fill(part, (byte) 'x');
        String start = modelFirst ? "{\"model\":\"gpt\",\"messages\":\"" : "{\"messages\":\"";
        String end = modelFirst ? "\"}" : "\",\"model\":\"gpt\"}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            try {
                out.write(("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: a\r\napi-key: " + TestGateway.KEY
                                + "\r\ncontent-length: " + (BODY_BYTES + start.length() + end.length()) + "\r\n\r\n"
                                + start)
                        .getBytes(StandardCharsets.US_ASCII));
                for (int sent = 0; sent < BODY_BYTES; sent += part.length) {
                    out.write(part);
                }
                out.write(end.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Refused before its end; the answer says why, if it can still be read.
            }
            byte[] status = socket.getInputStream().readNBytes(12);
            return status.length < 12 ? "no answer" : new String(status, StandardCharsets.US_ASCII).substring(9);
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static void accept(ServerSocket upstream) {
        try {
            while (true) {
                Socket socket = upstream.accept();
                daemon(() -> answer(socket));
            }
        } catch (IOException e) {
            // The measurement is over.
        }
    }

    private static void answer(Socket accepted) {
        try (Socket socket = accepted) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            byte[] part = new byte[64 * 1024];
            byte[] tail = new byte[7];
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                byte[] both = Arrays.copyOf(tail, 7 + length);
                System.arraycopy(part, 0, both, 7, length);
                tail = Arrays.copyOfRange(both, both.length - 7, both.length);
                if (new String(tail, StandardCharsets.US_ASCII).equals("\r\n0\r\n\r\n")) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The gateway gave the call up.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(null, work, "upload-memory", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }
}
