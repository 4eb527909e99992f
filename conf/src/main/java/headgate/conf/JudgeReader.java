package headgate.conf;

import headgate.conf.JudgeConfig.Kind;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.UrlFormat;
import headgate.conf.yaml.WordFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The services that judge texts, by name. */
final class JudgeReader {
    private static final Bounds JUDGES = new Bounds(0, 100);
    private static final Format<Kind> KIND = new WordFormat<>(List.of(Kind.values()), Kind::word);
    private static final UrlFormat URL = new UrlFormat();
    private static final DurationFormat DEADLINE = new DurationFormat(Duration.ofMillis(10), Duration.ofMinutes(1));
    private static final CountFormat CONCURRENT = new CountFormat(1, 10_000);
    private static final CountFormat CHARACTERS = new CountFormat(100, 1_000_000);
    private static final CountFormat REMEMBERED = new CountFormat(0, 1_000_000);

    private final FileFormat pem;

    JudgeReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    Map<String, JudgeConfig> read(Section section) {
        Map<String, JudgeConfig> judges = new LinkedHashMap<>();
        for (String name : section.names(GatewayReader.NAME, JUDGES)) {
            Section written = section.requireSection(name, "a map with at least kind and url");
            JudgeConfig judge = written == null ? null : judge(name, written);
            if (judge != null) {
                judges.put(name, judge);
            }
        }
        return Collections.unmodifiableMap(judges);
    }

    private @Nullable JudgeConfig judge(String name, Section judge) {
        Kind kind = judge.require("kind", KIND);
        URI url = judge.require("url", URL);
        Secret key = judge.find("key", CredentialReader.SECRET);
        String model = judge.find("model", DeploymentReader.MODEL);
        Duration deadline = judge.read("deadline", DEADLINE, Duration.ofSeconds(2));
        int concurrent = judge.read("concurrent", CONCURRENT, 64);
        int charactersMax = judge.read("charactersMax", CHARACTERS, 10_000);
        int remembered = judge.read("remembered", REMEMBERED, 10_000);
        Path ca = judge.find("ca", pem);
        if (kind != null && kind != Kind.MODERATION && judge.holds("model")) {
            judge.refuse("model", "not taken by this kind", "this key only with kind: moderation");
        }
        return kind == null || url == null
                ? null
                : new JudgeConfig(name, kind, url, key, model, deadline, concurrent, charactersMax, remembered, ca);
    }
}
