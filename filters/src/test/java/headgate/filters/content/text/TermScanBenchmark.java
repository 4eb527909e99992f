package headgate.filters.content.text;

import headgate.filters.content.TextScan;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures what a word list costs for 64 KiB of text; docs/benchmarks/content.md has the command and what was measured. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TermScanBenchmark {
    private static final int BYTES = 64 * 1024;
    private static final int PART = 4096;
    private static final String[] PROSE =
            ("the quick brown fox jumps over a lazy dog and then it goes home because there is"
                            + " nothing more to be said about computers or people who would rather read books in the garden while"
                            + " summer lasts than write programs that nobody needs")
                    .split(" ");

    @Param({"10", "10000"})
    int words;

    @Param({"prose", "escapes", "chinese"})
    String text = "";

    /** Whether most words of the text begin as one of the list does, or few. */
    @Param({"far", "near"})
    String list = "";

    private byte[] bytes = {};
    private TextScan scan = Scanned.words(false, false, "none").newScan();

    @Setup
    public void fill() {
        Random random = new Random(1);
        StringBuilder written = new StringBuilder();
        while (written.length() < (text.equals("chinese") ? BYTES / 3 : BYTES)) {
            switch (text) {
                case "chinese" -> written.append((char) (0x4E00 + random.nextInt(0x5000)));
                case "escapes" ->
                    written.append(PROSE[random.nextInt(PROSE.length)]).append(random.nextInt(12) == 0 ? "\\n" : " ");
                default -> written.append(PROSE[random.nextInt(PROSE.length)]).append(' ');
            }
        }
        bytes = written.toString().getBytes(StandardCharsets.UTF_8);
        String[] all = new String[words];
        for (int i = 0; i < words; i++) {
            String beginning = PROSE[random.nextInt(PROSE.length)];
            String near = list.equals("near") ? beginning.substring(0, Math.min(3, beginning.length())) : "";
            StringBuilder word = new StringBuilder(near);
            while (word.length() < 8) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            all[i] = word.toString();
        }
        scan = Scanned.words(false, false, all).newScan();
    }

    @Benchmark
    public int scan() {
        scan.begin();
        for (int at = 0; at < bytes.length; at += PART) {
            scan.read(bytes, at, Math.min(bytes.length, at + PART));
        }
        scan.end();
        return scan.matchCount();
    }
}
