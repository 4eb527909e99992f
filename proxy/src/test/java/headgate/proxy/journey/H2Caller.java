package headgate.proxy.journey;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A caller that sends frames of HTTP/2 exactly as it is told, right or wrong, and reads them one by one. */
final class H2Caller implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    /** One frame as it came; its payload has one char for each byte. */
    record Frame(int type, int flags, int stream, String payload) {
        /** The code of a reset or of the end of the connection. */
        int error() {
            return ByteBuffer.wrap(bytes()).getInt(type == GOAWAY ? 4 : 0);
        }

        byte[] bytes() {
            return payload.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
    }

    /** What came on one stream: {@code reset} is -1 where it was not reset, and {@code whole} whether it was ended. */
    static final class Answer {
        final List<String> statuses = new ArrayList<>();
        Map<String, String> fields = new HashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean whole;
        int reset = -1;

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        String status() {
            return statuses.get(statuses.size() - 1);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Map<Integer, Answer> answers = new HashMap<>();

    H2Caller(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A caller over a connection that stands; {@code settings} are pairs of an id and a value. */
    H2Caller(Socket socket, int... settings) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    H2Caller frame(int type, int flags, int stream, byte... payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        out.write(frame.array());
        return this;
    }

    /** A head of these fields, name and value in turn, exactly as they are. */
    H2Caller head(int stream, int flags, String... fields) throws IOException {
        return frame(HEADERS, flags | END_HEADERS, stream, block(fields));
    }

    /** A well formed chat request, whose body follows. */
    H2Caller chatHead(int stream, String... more) throws IOException {
        List<String> fields = new ArrayList<>(List.of(
                ":method", "POST", ":scheme", "http", ":path", "/openai/v1/chat/completions", ":authority", "gateway"));
        fields.addAll(List.of("api-key", TestGateway.KEY, "content-type", "application/json"));
        fields.addAll(List.of(more));
        return head(stream, 0, fields.toArray(String[]::new));
    }

    H2Caller data(int stream, int flags, String payload) throws IOException {
        return frame(DATA, flags, stream, payload.getBytes(StandardCharsets.UTF_8));
    }

    H2Caller chat(int stream, String body) throws IOException {
        return chatHead(stream).data(stream, END_STREAM, body);
    }

    H2Caller reset(int stream, int error) throws IOException {
        return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
    }

    H2Caller window(int stream, int more) throws IOException {
        return frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
    }

    /** The next frame; what it says of an answer is kept with that. */
    Frame read() throws IOException {
        int start = in.readInt();
        Frame frame = new Frame(
                start & 0xFF,
                in.readUnsignedByte(),
                in.readInt(),
                new String(in.readNBytes(start >>> 8), StandardCharsets.ISO_8859_1));
        Answer answer = answers.computeIfAbsent(frame.stream(), id -> new Answer());
        if (frame.type() == HEADERS) {
            answer.fields = fields(frame);
            answer.statuses.add(answer.fields.get(":status"));
        } else if (frame.type() == DATA) {
            answer.body.write(frame.bytes());
        } else if (frame.type() == RST_STREAM) {
            answer.reset = frame.error();
        }
        answer.whole |= frame.ends();
        return frame;
    }

    /** Reads until this stream has ended, one way or the other. */
    Answer answer(int stream) throws IOException {
        while (!answers.containsKey(stream) || !(answers.get(stream).whole || answers.get(stream).reset >= 0)) {
            read();
        }
        return answers.get(stream);
    }

    /** Reads until a frame of this type comes. */
    Frame readUntil(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** The code of the GOAWAY that comes before the connection ends. */
    int goAway() throws IOException {
        int error = readUntil(GOAWAY).error();
        try {
            while (true) {
                read();
            }
        } catch (EOFException | java.net.SocketException e) {
            return error;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** A string without Huffman's code; its length has a prefix of seven bits (RFC 7541, section 5.1). */
    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest > 127; rest >>>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    private Map<String, String> fields(Frame frame) throws IOException {
        ByteBuf block = Unpooled.wrappedBuffer(frame.bytes());
        Map<String, String> fields = new HashMap<>();
        try {
            Http2Headers headers = decoder.decodeHeaders(frame.stream(), block);
            headers.forEach(field ->
                    fields.put(field.getKey().toString(), field.getValue().toString()));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        return fields;
    }
}
