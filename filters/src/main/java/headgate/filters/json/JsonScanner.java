package headgate.filters.json;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JSON body as it arrives and finds the facts that decide about its exchange.
 *
 * <p>It takes a body in any number of parts, split anywhere, and keeps nothing of them. All of RFC 8259 and nothing else
 * passes, if the top level is an object; depth, members, names and texts are bounded. Each fact is valid as soon as its
 * member is complete, and every offset counts from the body's first byte. Of a fact given twice the last one counts,
 * except of the model, which is refused. After a {@link JsonException} only {@link #reset()} makes sense.
 *
 * <p>Belongs to one event loop, and is used for one body after the other without allocating.
 */
public final class JsonScanner {
    private final BodyFacts facts;
    private final JsonGrammar grammar;
    private final ScanWindow window;
    private final int depthMax;
    private final int textSpansMax;
    private long offset;

    /** A scanner with a window of its own, and these bounds. */
    public JsonScanner(int depthMax, int textSpansMax) {
        this(depthMax, textSpansMax, new ScanWindow());
    }

    /**
     * Makes room for the deepest body allowed.
     *
     * @param depthMax how many objects and arrays may be open at once, the top-level one among them
     * @param textSpansMax how many texts a body may hold
     * @param window used while a part is read, so that all scanners of a loop may have the same
     */
    public JsonScanner(int depthMax, int textSpansMax, ScanWindow window) {
        this.window = window;
        this.depthMax = depthMax;
        this.textSpansMax = textSpansMax;
        this.facts = new BodyFacts(textSpansMax);
        this.grammar = new JsonGrammar(facts, depthMax, window);
    }

    /** Whether it was made with these bounds. */
    public boolean isBoundBy(int depth, int textSpans) {
        return depth == depthMax && textSpans == textSpansMax;
    }

    /** Forgets the body, for the next one. */
    public void reset() {
        offset = 0;
        facts.reset();
        grammar.reset();
    }

    /** Reads all readable bytes; the part stays the caller's, with its indices where they were. */
    public void feed(ByteBuf part) throws JsonException {
        int start = part.readerIndex();
        int length = part.readableBytes();
        for (int at = 0; at < length; at += ScanWindow.BYTES) {
            int step = Math.min(ScanWindow.BYTES, length - at);
            window.fill(part, start + at, step);
            long base = offset;
            offset += step;
            grammar.scan(step, base);
        }
    }

    /** The body is over, and must be complete. */
    public void end() throws JsonException {
        grammar.end(offset);
    }

    /** How many bytes were fed so far. */
    public long offset() {
        return offset;
    }

    /**
     * Below this offset no byte can change its role any more, so all of them may go on.
     *
     * <p>Inside a member's value it is all there is, but for the values of {@code model} and {@code stream_options}, which
     * stay back whole until they are complete. Between members it is the end of the last value, then the comma, until
     * the next name is known: until then a member may be cut out together with its comma, or one put in before the brace.
     */
    public long settled() {
        return facts.settled(offset);
    }

    /** The model asked for, or null when it is absent, {@code null} or not yet complete. */
    public @Nullable String model() {
        return facts.model.text();
    }

    /** Whether a model was asked for. */
    public boolean hasModel() {
        return facts.model.given();
    }

    /** Where the value of {@code model} begins, with its quote; -1 when absent. A {@code null} has its place too. */
    public long modelStart() {
        return facts.model.start;
    }

    /** Where the value of {@code model} is over; -1 when absent or open. */
    public long modelEnd() {
        return facts.model.end;
    }

    /** Whether {@code stream} is literally true. */
    public boolean stream() {
        return facts.stream;
    }

    /** Whether {@code stream} has been complete, whatever it is. */
    public boolean streamKnown() {
        return facts.streamKnown;
    }

    /** What {@code stream_options} is, known from its first byte on. */
    public StreamOptionsKind streamOptionsKind() {
        return StreamOptionsKind.of(facts.streamOptionsFirst);
    }

    /** Where the value of {@code stream_options} begins; -1 when absent. */
    public long streamOptionsStart() {
        return facts.streamOptionsStart;
    }

    /** Where the value of {@code stream_options} is over; -1 when absent or open. */
    public long streamOptionsEnd() {
        return facts.streamOptionsEnd;
    }

    /** Whether {@code stream_options} has nothing in it, however it is written; known at its end. */
    public boolean streamOptionsEmpty() {
        return facts.streamOptionsEmpty;
    }

    /** Whether {@code stream_options.include_usage} is literally true. */
    public boolean includeUsage() {
        return facts.includeUsage;
    }

    /** Where the value of {@code stream_options.include_usage} begins; -1 when absent. */
    public long includeUsageStart() {
        return facts.includeUsageStart;
    }

    /** Where the value of {@code stream_options.include_usage} is over; -1 when absent or open. */
    public long includeUsageEnd() {
        return facts.includeUsageEnd;
    }

    /** The value of {@code max_tokens} as a whole number from 0 to the largest long; -1 when it is no number. */
    public long maxTokens() {
        return facts.maxTokens;
    }

    /** The value of {@code max_completion_tokens}, likewise. */
    public long maxCompletionTokens() {
        return facts.maxCompletionTokens;
    }

    /** The value of {@code max_output_tokens}, likewise. */
    public long maxOutputTokens() {
        return facts.maxOutputTokens;
    }

    /** The value of {@code n}, likewise. */
    public long choices() {
        return facts.choices;
    }

    /** The value of {@code best_of}, likewise. */
    public long bestOf() {
        return facts.bestOf;
    }

    /** How many top-level members there are; one counts from the end of its name on. */
    public int memberCount() {
        return facts.members.count();
    }

    /** A top-level member's name without quotes and escapes. */
    public String memberName(int i) {
        return facts.members.name(i);
    }

    /** Where a top-level member begins, with the quote of its name. */
    public long memberStart(int i) {
        return facts.members.start(i);
    }

    /** Where a top-level member's value is over; -1 while it is open. */
    public long memberEnd(int i) {
        return facts.members.end(i);
    }

    /** Where the body's opening brace stands; -1 before it. */
    public long bodyObjectStart() {
        return facts.objectStart;
    }

    /** Where the body's closing brace stands; -1 before it. */
    public long bodyObjectEnd() {
        return facts.objectEnd;
    }

    /** How many texts that a model would read were begun. */
    public int textCount() {
        return facts.texts.count();
    }

    /** Where a text begins, behind its quote. */
    public long textStart(int i) {
        return facts.texts.start(i);
    }

    /** Where a text is over, in front of its quote; -1 while it is open. What lies between is still escaped. */
    public long textEnd(int i) {
        return facts.texts.end(i);
    }

    /** What a text is; who speaks in a message is known when the message is complete. */
    public TextKind textKind(int i) {
        return facts.texts.kind(i);
    }

    /** How many bytes all complete texts have together, still escaped. */
    public long textBytes() {
        return facts.texts.bytes();
    }

    /** How many characters all complete texts have together; an escape is one, and so is half a surrogate pair. */
    public long textCharacters() {
        return facts.texts.characters();
    }

    /** Whether images, audio or files stand beside the texts. */
    public boolean hasMedia() {
        return facts.media;
    }

    /** How many numbers stand in {@code prompt} and {@code input}, which may come as arrays of tokens. */
    public long promptTokens() {
        return facts.texts.tokens();
    }
}
