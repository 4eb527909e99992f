package headgate.filters.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a scanner says about one body, to be compared as a whole. */
record Scan(
        @Nullable String error,
        long errorOffset,
        @Nullable String model,
        List<Long> modelSpan,
        boolean stream,
        boolean streamKnown,
        StreamOptionsKind streamOptionsKind,
        List<Long> streamOptions,
        boolean includeUsage,
        List<Long> numbers,
        List<String> members,
        List<Long> body,
        List<String> texts,
        long textBytes,
        long textCharacters,
        long promptTokens) {
    static final int DEPTH_MAX = 64;
    static final int TEXTS_MAX = 10_000;

    /** A body fed whole. */
    static Scan of(String body) {
        return of(new JsonScanner(DEPTH_MAX, TEXTS_MAX), body.getBytes(StandardCharsets.UTF_8));
    }

    /** A body fed in parts that begin at the given offsets. */
    static Scan of(JsonScanner scanner, byte[] body, int... splits) {
        scanner.reset();
        JsonException error = null;
        try {
            int from = 0;
            for (int split : splits) {
                feed(scanner, body, from, split);
                from = split;
            }
            feed(scanner, body, from, body.length);
            scanner.end();
        } catch (JsonException e) {
            error = e;
        }
        return of(scanner, body, error);
    }

    private static void feed(JsonScanner scanner, byte[] body, int from, int to) throws JsonException {
        ByteBuf part = Unpooled.directBuffer(Math.max(1, to - from));
        try {
            scanner.feed(part.writeBytes(body, from, to - from));
        } finally {
            part.release();
        }
    }

    private static Scan of(JsonScanner scanner, byte[] body, @Nullable JsonException error) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < scanner.memberCount(); i++) {
            members.add(scanner.memberName(i) + "@" + scanner.memberStart(i) + "-" + scanner.memberEnd(i));
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < scanner.textCount(); i++) {
            long end = scanner.textEnd(i);
            int start = (int) scanner.textStart(i);
            String text = end < 0 ? "..." : new String(body, start, (int) end - start, StandardCharsets.UTF_8);
            texts.add(scanner.textKind(i) + " " + text);
        }
        return new Scan(
                error == null ? null : error.getMessage(),
                error == null ? -1 : error.offset(),
                scanner.model(),
                List.of(scanner.modelStart(), scanner.modelEnd()),
                scanner.stream(),
                scanner.streamKnown(),
                scanner.streamOptionsKind(),
                List.of(
                        scanner.streamOptionsStart(),
                        scanner.streamOptionsEnd(),
                        scanner.includeUsageStart(),
                        scanner.includeUsageEnd()),
                scanner.includeUsage(),
                List.of(
                        scanner.maxTokens(),
                        scanner.maxCompletionTokens(),
                        scanner.maxOutputTokens(),
                        scanner.choices(),
                        scanner.bestOf()),
                members,
                List.of(scanner.bodyObjectStart(), scanner.bodyObjectEnd()),
                texts,
                scanner.textBytes(),
                scanner.textCharacters(),
                scanner.promptTokens());
    }
}
