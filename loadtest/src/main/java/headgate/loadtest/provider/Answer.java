package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** What a call is answered with, before any fault. */
sealed interface Answer {
    CharSequence EVENT_STREAM = HttpHeaderValues.TEXT_EVENT_STREAM;

    int promptTokens();

    /**
     * An answer that leaves at once.
     *
     * @param body of no pool: sending it ends it, and an answer that is never sent leaves it to the collector
     */
    record Whole(
            int status,
            CharSequence contentType,
            HttpHeaders headers,
            ByteBuf body,
            int promptTokens,
            int completionTokens)
            implements Answer {
        static Whole json(ByteBuf body, int promptTokens, int completionTokens) {
            return new Whole(
                    200,
                    HttpHeaderValues.APPLICATION_JSON,
                    new DefaultHttpHeaders(),
                    body,
                    promptTokens,
                    completionTokens);
        }
    }

    /**
     * An answer that leaves in events: some with the first token, one with each token, the rest with the last.
     *
     * @param tokens how many events carry a token
     */
    record Stream(
            CharSequence contentType, List<byte[]> lead, Event token, int tokens, List<byte[]> tail, int promptTokens)
            implements Answer {
        int events() {
            return lead.size() + tokens + tail.size();
        }

        boolean carriesToken(int event) {
            return event >= lead.size() && event < lead.size() + tokens;
        }

        void write(int event, ByteBuf out) {
            if (event < lead.size()) {
                out.writeBytes(lead.get(event));
            } else if (carriesToken(event)) {
                token.write(event - lead.size(), out);
            } else {
                out.writeBytes(tail.get(event - lead.size() - tokens));
            }
        }
    }

    /** Writes the event of one token. */
    interface Event {
        void write(int token, ByteBuf out);

        /** Events that differ in a number and a piece of text: the rest is made once for a stream. */
        static Event template(String before, Numbering number, String between, Event piece, String after) {
            byte[] head = before.getBytes(UTF_8);
            byte[] middle = between.getBytes(UTF_8);
            byte[] end = after.getBytes(UTF_8);
            return (token, out) -> {
                out.writeBytes(head);
                writeDecimal(number.of(token), out);
                out.writeBytes(middle);
                piece.write(token, out);
                out.writeBytes(end);
            };
        }

        private static void writeDecimal(int number, ByteBuf out) {
            if (number >= 10) {
                writeDecimal(number / 10, out);
            }
            out.writeByte('0' + number % 10);
        }
    }

    /** The number that an event carries. */
    interface Numbering {
        int of(int token);
    }
}
