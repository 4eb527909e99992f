package headgate.proxy.journey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A long chat request that a thread of its own sends, as fast as it is taken. */
final class Upload {
    private static final String START = "{\"model\":\"gpt\",\"messages\":\"";
    private static final String END = "\"}";
    private static final int PART_BYTES = 16 * 1024;

    private final AtomicInteger sent = new AtomicInteger();
    private final CompletableFuture<Void> done;

    /** Starts to send a body of so many bytes. */
    Upload(RawCaller caller, int length) throws IOException {
        caller.socket().setSendBufferSize(64 * 1024);
        caller.send("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: a\r\napi-key: " + TestGateway.KEY
                + "\r\ncontent-length: " + length + "\r\n\r\n" + START);
        // A thread of its own: where the common pool has but one, whoever reads would wait behind it.
        done = CompletableFuture.runAsync(
                () -> send(caller, length - START.length() - END.length()), task -> new Thread(task, "upload").start());
    }

    /** Waits until no more is taken for half a second; how many bytes were. */
    int awaitPaused() throws InterruptedException {
        int before;
        do {
            before = sent.get();
            Thread.sleep(500);
        } while (before != sent.get());
        return before;
    }

    /** Whether all of it was sent. */
    boolean complete() {
        return done.isDone() && !done.isCompletedExceptionally();
    }

    private void send(RawCaller caller, int payload) {
        byte[] part = "x".repeat(PART_BYTES).getBytes(StandardCharsets.US_ASCII);
        try {
            for (int left = payload; left > 0; left -= PART_BYTES) {
                int bytes = Math.min(left, PART_BYTES);
                caller.socket().getOutputStream().write(part, 0, bytes);
                sent.addAndGet(bytes);
            }
            caller.send(END);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
