package headgate.conf;

import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The callers' keys: who they are, by which secrets they are known, and what bounds them. */
final class KeysReader {
    /** Two, so that a new one is valid before the old one is taken away. */
    private static final int SECRETS_MAX = 2;

    private static final SecretFormat SECRET = new SecretFormat(8);
    private static final Sha256Format SHA_256 = new Sha256Format();
    private static final ExpiryFormat EXPIRES = new ExpiryFormat();
    private static final TextFormat DEPLOYMENTS =
            new TextFormat("[a-zA-Z0-9._*-]{1,64}", "a deployment's name, in which * stands for any characters");
    private static final Format<String> SURFACE =
            new WordFormat<>(List.of("models", "openai", "v1"), Function.identity());
    private static final NetworkFormat NETWORK = new NetworkFormat();
    private static final Bounds BOUND = new Bounds(1, 256);

    private final Section keys;
    private final Map<String, String> owners = new HashMap<>();

    private KeysReader(Section keys) {
        this.keys = keys;
    }

    static Map<String, KeyConfig> read(Section section, Bounds size) {
        KeysReader reader = new KeysReader(section);
        Map<String, KeyConfig> keys = new LinkedHashMap<>();
        for (String name : section.names(GatewayReader.NAME, size)) {
            KeyConfig key = section.holdsMap(name) ? reader.full(name) : reader.brief(name);
            reader.refuseShared(key);
            keys.put(name, key);
        }
        return Collections.unmodifiableMap(keys);
    }

    private KeyConfig brief(String name) {
        List<Secret> secrets = keys.requireOneOrMore(name, SECRET, SECRETS_MAX);
        return new KeyConfig(name, hashes(secrets), null, List.of(), List.of(), List.of());
    }

    private KeyConfig full(String name) {
        Section key = keys.requireSection(name, "a map with secrets or sha256");
        if (key == null) {
            throw new IllegalStateException("a map that is no section");
        }
        Bounds number = new Bounds(1, SECRETS_MAX);
        List<String> hashes = new ArrayList<>(hashes(key.readList("secrets", SECRET, number, List.of())));
        hashes.addAll(key.readList("sha256", SHA_256, number, List.of()));
        boolean sound = key.sound("secrets") && key.sound("sha256");
        if (hashes.isEmpty() && !key.holds("secrets") && !key.holds("sha256")) {
            keys.refuse(name, "no secret", "secrets, sha256, or both");
        } else if (hashes.size() > SECRETS_MAX && sound) {
            keys.refuse(name, hashes.size() + " secrets", "at most " + SECRETS_MAX);
        }
        return new KeyConfig(
                name,
                List.copyOf(hashes),
                key.find("expires", EXPIRES),
                key.readList("deployments", DEPLOYMENTS, BOUND, List.of()),
                key.readList("surfaces", SURFACE, BOUND, List.of()),
                key.readList("networks", NETWORK, BOUND, List.of()));
    }

    private void refuseShared(KeyConfig key) {
        for (String hash : key.sha256()) {
            String owner = owners.putIfAbsent(hash, key.name());
            if (owner != null) {
                String other = keys.path(owner) + " (line " + keys.line(owner) + ")";
                keys.refuse(key.name(), "a secret of another caller", "another secret than that of " + other);
            }
        }
    }

    private static List<String> hashes(List<Secret> secrets) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return secrets.stream()
                    .map(secret -> HexFormat.of()
                            .formatHex(sha256.digest(secret.value().getBytes(StandardCharsets.ISO_8859_1))))
                    .toList();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
