package headgate.filters.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A parent is read as W3C says, or not at all. */
final class TraceParentTest {
    private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final TraceParent PARENT =
            new TraceParent(0x0af7651916cd43ddL, 0x8448eb211c80319cL, 0xb7ad6b7169203331L, true);

    @Test
    void theSpecificationsExampleIsRead() {
        assertThat(TraceParent.parse(GOOD)).isEqualTo(PARENT);
        assertThat(TraceParent.parse(GOOD.replace("-01", "-00")))
                .isEqualTo(new TraceParent(PARENT.high(), PARENT.low(), PARENT.span(), false));
        assertThat(TraceParent.parse(GOOD.replace("-01", "-ff")))
                .as("only one of the flags is known")
                .isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like"
            })
    void aLaterVersionIsReadAsFarAsItIsKnown(String value) {
        assertThat(TraceParent.parse(value)).isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
                ""
            })
    void anythingElseIsNone(String value) {
        assertThat(TraceParent.parse(value)).isNull();
    }

    @Test
    void noByteCanBeAnotherOne() {
        for (int i = 0; i < GOOD.length(); i++) {
            assertThat(TraceParent.parse(GOOD.substring(0, i)))
                    .as("cut at %d", i)
                    .isNull();
            for (char c : new char[] {'g', 'A', '-', ' ', '\u00e9', GOOD.charAt(i) == '-' ? '0' : 'x'}) {
                if (c != GOOD.charAt(i)) {
                    String changed = GOOD.substring(0, i) + c + GOOD.substring(i + 1);
                    assertThat(TraceParent.parse(changed)).as(changed).isNull();
                }
            }
        }
    }

    @Test
    void whatIsWrittenIsReadAsTheSameTraceWithAnotherCaller() {
        for (boolean sampled : new boolean[] {true, false}) {
            Trace trace = Trace.goOn(PARENT, sampled);
            trace.callBegins("http://upstream", 1);
            TraceParent first = written(trace);
            trace.callFailed("CONNECT_FAILED", 0, 2);
            trace.callBegins("http://other", 3);
            TraceParent second = written(trace);
            assertThat(first.high()).isEqualTo(PARENT.high());
            assertThat(first.low()).isEqualTo(PARENT.low());
            assertThat(first.sampled()).isEqualTo(sampled);
            assertThat(first.span()).isNotIn(PARENT.span(), trace.span(), second.span());
            assertThat(trace.calls()).hasSize(sampled ? 2 : 0);
        }
    }

    @Test
    void anIdKeepsItsZerosInFront() {
        assertThat(Trace.hex(1)).isEqualTo("0000000000000001");
        assertThat(Trace.hex(-1)).isEqualTo("ffffffffffffffff");
        assertThat(Trace.begin(1, 2, true).traceId()).isEqualTo("00000000000000010000000000000002");
    }

    private static TraceParent written(Trace trace) {
        ByteBuf out = Unpooled.buffer();
        trace.writeParent(out);
        return Objects.requireNonNull(TraceParent.parse(out.toString(StandardCharsets.US_ASCII)));
    }
}
