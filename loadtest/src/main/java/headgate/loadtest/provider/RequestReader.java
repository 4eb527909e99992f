package headgate.loadtest.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's facts while its body streams by; nothing of the body is kept.
 *
 * <p>jackson-core's non-blocking parser does the reading. It would collect each string whole, so long ones are cut
 * short before it sees them. What is wrong with a body is remembered, and the rest of it passes unread. One fault the parser does not see: a comma before a closing brace, if a
 * buffer ended between the two.
 */
final class RequestReader {
    private static final JsonFactory FACTORY = new JsonFactory();

    final RequestFacts facts = new RequestFacts();

    private final JsonParser parser = nonBlockingParser();
    private final ByteArrayFeeder feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    private final LongStringCutter cutter = new LongStringCutter();
    private boolean started;
    private @Nullable String invalid;

    private static JsonParser nonBlockingParser() {
        try {
            return FACTORY.createNonBlockingByteArrayParser();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Reads what has come of the body; the buffer is left empty, and remains the caller's. */
    void read(ByteBuf body) {
        ByteBuf kept = Unpooled.buffer(body.readableBytes() + 1);
        while (body.isReadable() && invalid == null) {
            long cut = cutter.next(body, kept.clear());
            try {
                feeder.feedInput(kept.array(), kept.arrayOffset(), kept.arrayOffset() + kept.writerIndex());
                parse(cut);
            } catch (IOException e) {
                invalid = firstLine(e);
            }
        }
        body.readerIndex(body.writerIndex());
    }

    /** Says that the body has ended; null if it was JSON, else what is wrong with it. */
    @Nullable
    String finish() {
        if (invalid == null) {
            try {
                feeder.endOfInput();
                parse(0);
                parser.close();
            } catch (IOException e) {
                invalid = firstLine(e);
            }
        }
        return invalid != null ? invalid : started ? null : "the body is empty";
    }

    private void parse(long cutFromLastString) throws IOException {
        boolean text = false;
        JsonToken token;
        while ((token = parser.nextToken()) != null && token != JsonToken.NOT_AVAILABLE) {
            if (facts.ended() && (started || token != JsonToken.START_OBJECT)) {
                throw new IOException("the body is not one JSON object");
            }
            started = true;
            text = facts.accept(parser, token);
        }
        if (text) {
            facts.promptCharacters += cutFromLastString;
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }
}
