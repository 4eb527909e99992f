package headgate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.api.Operation;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import headgate.filters.model.ExtraParametersHandler;
import headgate.proxy.upstream.SentRequest.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of every body, whatever is in it and however it is split; another reader is the judge. */
final class RequestEditsPropertyTest {
    private static final int BODIES = 400;
    private static final List<Way> WAYS = List.of(
            new Way("/openai/v1/chat/completions", "openai", false),
            new Way("/openai/v1/chat/completions", "azure", false),
            new Way("/openai/v1/responses", "openai", false),
            new Way("/models/chat/completions?api-version=2024-05-01", "openai", true),
            new Way("/models/chat/completions?api-version=2024-05-01", "azure", true),
            new Way("/models/embeddings?api-version=2024-05-01", "openai", true));
    private static final Set<String> EDITED = Set.of("model", "stream_options");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyBodyArrivesAsItCameButForWhatIsMeantToChange(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < BODIES; i++) {
            String body = GeneratedBody.next(random);
            for (Way way : WAYS) {
                SentRequest held = SentRequest.whole(way, body, GeneratedBody.splits(random, body.length()));
                SentRequest streamed = SentRequest.streamed(way, body, GeneratedBody.splits(random, body.length()));
                check(way, body, held);
                check(way, body, streamed);
                if (knowsItsStreamEarly(body)) {
                    assertThat(JsonTree.of(streamed.body()))
                            .as("streamed as held: %s %s", way, body)
                            .isEqualTo(JsonTree.of(held.body()));
                }
            }
        }
    }

    private static void check(Way way, String body, SentRequest sent) {
        String told = way + "\n" + body + "\n" + sent.body();
        Map<String, @Nullable Object> given = JsonTree.of(body);
        Map<String, @Nullable Object> got = JsonTree.of(sent.body());

        assertThat(others(sent.body(), null))
                .as("all other members, byte for byte: %s", told)
                .isEqualTo(others(body, way));
        assertThat(JsonTree.names(sent.body()).getOrDefault("model", 0))
                .as("models: %s", told)
                .isLessThanOrEqualTo(1);
        boolean inBody = way.deployment().equals("openai") || way.path().contains("responses");
        assertThat(got.get("model")).as("model: %s", told).isEqualTo(inBody ? "up\"stream" : given.get("model"));

        boolean asked = includesUsage(given);
        assertThat(sent.asksUsage())
                .as("only what was added is taken out: %s", told)
                .isEqualTo(includesUsage(got) && !asked);
        if (asked) {
            assertThat(includesUsage(got) || way.path().contains("embeddings"))
                    .as("the caller's wish: %s", told)
                    .isTrue();
        }
    }

    /** Whether no later member changes what a member in front of it must become. */
    private static boolean knowsItsStreamEarly(String body) {
        Map<String, Integer> names = JsonTree.names(body);
        int stream = body.indexOf("\"stream\"");
        int options = body.indexOf("\"stream_options\"");
        return names.getOrDefault("stream", 0) <= 1
                && names.getOrDefault("stream_options", 0) <= 1
                && (options < 0 || (stream >= 0 && stream < options));
    }

    private static boolean includesUsage(Map<String, @Nullable Object> body) {
        return body.get("stream_options") instanceof Map<?, ?> options
                && Boolean.TRUE.equals(options.get("include_usage"));
    }

    /** The bytes of all members that stay, in order; what a way drops is left out. */
    private static List<String> others(String body, @Nullable Way way) {
        JsonScanner scan = new JsonScanner(64, 1000);
        ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        try {
            scan.feed(bytes);
            scan.end();
        } catch (JsonException e) {
            throw new AssertionError(body, e);
        } finally {
            bytes.release();
        }
        Operation operation =
                way != null && way.path().contains("embeddings") ? Operation.EMBEDDINGS : Operation.CHAT_COMPLETIONS;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < scan.memberCount(); i++) {
            String name = scan.memberName(i);
            boolean dropped = way != null && way.drops() && !ExtraParametersHandler.isKnown(operation, name);
            if (!EDITED.contains(name) && !dropped) {
                others.add(body.substring((int) scan.memberStart(i), (int) scan.memberEnd(i)));
            }
        }
        return others;
    }
}
