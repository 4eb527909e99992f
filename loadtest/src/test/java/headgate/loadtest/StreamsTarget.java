package headgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/**
 * A target of HTTP/2 that leaves its first caller: of two streams, which are all it allows, it says that it took the first
 * alone, and answers that one once the caller has come back on another connection.
 *
 * <p>On every later connection it answers everything. Its frames are written by hand (RFC 9113, section 4.1).
 */
final class StreamsTarget implements SocketTarget.Service {
    private static final int PREFACE_BYTES = 24;

    /** MAX_CONCURRENT_STREAMS is 2 (RFC 9113, section 6.5.2). */
    private static final byte[] TWO_STREAMS = {0, 3, 0, 0, 0, 2};

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** The first entry of the static table that says 200 (RFC 7541, appendix A). */
    private static final byte[] STATUS_200 = {(byte) 0x88};

    private final CountDownLatch cameBack = new CountDownLatch(1);

    @Override
    public void serve(Socket socket, int number) throws IOException, InterruptedException {
        boolean leaves = number == 1;
        if (!leaves) {
            cameBack.countDown();
        }
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        in.skipNBytes(PREFACE_BYTES);
        frame(out, SETTINGS, 0, 0, leaves ? TWO_STREAMS : new byte[0]);
        Map<Integer, ByteArrayOutputStream> bodies = new LinkedHashMap<>();
        while (true) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            int type = lengthAndType & 0xFF;
            if (type == SETTINGS && flags == 0) {
                frame(out, SETTINGS, 1, 0);
            } else if (type == DATA) {
                bodies.computeIfAbsent(stream, begins -> new ByteArrayOutputStream())
                        .write(payload);
                if (!leaves && flags == END_STREAM) {
                    answer(out, stream, Objects.requireNonNull(bodies.remove(stream)));
                } else if (leaves && bodies.size() == 2) {
                    int taken = bodies.keySet().iterator().next();
                    frame(out, GOAWAY, 0, 0, new byte[] {0, 0, 0, (byte) taken, 0, 0, 0, 0});
                    cameBack.await();
                    answer(out, taken, Objects.requireNonNull(bodies.get(taken)));
                }
            }
        }
    }

    private static void answer(DataOutputStream out, int stream, ByteArrayOutputStream body) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200);
        frame(
                out,
                DATA,
                END_STREAM,
                stream,
                ScriptedTarget.echo(body.toString(UTF_8)).getBytes(UTF_8));
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte... payload)
            throws IOException {
        out.writeInt(payload.length << 8 | type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }
}
