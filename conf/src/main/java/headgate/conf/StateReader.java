package headgate.conf;

import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.EitherFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where state is kept: in memory, or in a Redis that is named by its URL or in full. */
final class StateReader {
    private static final RedisUrlFormat URL = new RedisUrlFormat();
    private static final Format<Place> SHORT = new EitherFormat<>(new MemoryOrUrl(), "a map with redis");
    private static final SecretFormat PASSWORD = new SecretFormat(1);
    private static final DurationFormat DEADLINE_FORMAT =
            new DurationFormat(Duration.ofMillis(1), Duration.ofSeconds(10));
    private static final TextFormat PREFIX =
            new TextFormat("[A-Za-z0-9._:-]{1,64}", "1 to 64 letters, digits, dots, underscores, colons or hyphens");
    private static final Duration DEADLINE = Duration.ofMillis(10);

    private static final String KEY = "state";
    private static final String NAME = "headgate";

    private final FileFormat pem;

    StateReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    /** Null when state is kept in memory. */
    @Nullable
    RedisConfig read(Section root) {
        if (!root.holds(KEY) || root.holdsText(KEY)) {
            RedisConfig.Url url = root.read(KEY, SHORT, Place.MEMORY).url();
            return url == null ? null : new RedisConfig(url, url.password(), null, DEADLINE, NAME);
        }
        Section state = root.findSection(KEY, SHORT, Place.MEMORY);
        if (state == null) {
            return null;
        }
        RedisConfig.Url url = state.require("redis", URL);
        Secret password = state.find("password", PASSWORD);
        Path ca = state.find("ca", pem);
        Duration deadline = state.read("deadline", DEADLINE_FORMAT, DEADLINE);
        String prefix = state.read("prefix", PREFIX, NAME);
        if (url != null && url.password() != null && state.holds("password")) {
            state.refuse("password", "a second password", "a password here or in the URL, and not both");
        }
        if (url != null && !url.tls() && state.holds("ca")) {
            state.refuse("ca", "not taken by this URL", "this key only with rediss://");
        }
        return url == null
                ? null
                : new RedisConfig(url, url.password() == null ? password : url.password(), ca, deadline, prefix);
    }

    /** What is said in one word: memory, which has no URL, or Redis. */
    private record Place(RedisConfig.@Nullable Url url) {
        static final Place MEMORY = new Place(null);
        static final String WORD = "memory";
    }

    private record MemoryOrUrl() implements Format<Place> {
        @Override
        public @Nullable Place read(String text) {
            RedisConfig.Url url = URL.read(text);
            return text.equals(Place.WORD) ? Place.MEMORY : url == null ? null : new Place(url);
        }

        @Override
        public String expected() {
            return Place.WORD + ", or " + URL.expected();
        }

        @Override
        public String shown(String written) {
            return URL.shown(written);
        }

        @Override
        public String write(Place value) {
            return Place.WORD; // The default, and the only one that is ever written.
        }
    }
}
