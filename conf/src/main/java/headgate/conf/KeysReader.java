package headgate.conf;

import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Section;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The callers' keys: who they are, by which secrets they are known. */
final class KeysReader {
    /** Two, so that a new one is valid before the old one is taken away. */
    private static final int SECRETS_MAX = 2;

    private static final SecretFormat SECRET = new SecretFormat(8);

    private KeysReader() {}

    static Map<String, List<Secret>> read(Section section, Bounds size) {
        Map<String, List<Secret>> keys = new LinkedHashMap<>();
        Map<Secret, String> owners = new HashMap<>();
        for (String name : section.names(GatewayReader.NAME, size)) {
            List<Secret> secrets = section.requireOneOrMore(name, SECRET, SECRETS_MAX);
            for (Secret secret : secrets) {
                String owner = owners.putIfAbsent(secret, name);
                if (owner != null) {
                    String other = section.path(owner) + " (line " + section.line(owner) + ")";
                    section.refuse(name, "a secret of another caller", "another secret than that of " + other);
                }
            }
            keys.put(name, secrets);
        }
        return Collections.unmodifiableMap(keys);
    }
}
