package headgate.conf;

import headgate.conf.CredentialConfig.BearerFile;
import headgate.conf.CredentialConfig.Entra;
import headgate.conf.CredentialConfig.ManagedIdentity;
import headgate.conf.CredentialConfig.Proof;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.HttpsFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.UrlFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The credentials for upstreams, each by its name: one of four kinds. */
final class CredentialReader {
    static final SecretFormat SECRET = new SecretFormat(1);

    private static final Bounds CREDENTIALS = new Bounds(0, 1000);
    private static final HttpsFormat HTTPS = new HttpsFormat();
    private static final UrlFormat URL = new UrlFormat();
    private static final TextFormat TENANT =
            new TextFormat("[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "a tenant's id, or its domain");
    private static final TextFormat TEXT =
            new TextFormat("[\\x21-\\x7E]{1,512}", "a text of 1 to 512 visible ASCII characters");
    private static final DurationFormat DEADLINE = new DurationFormat(Duration.ofMillis(100), Duration.ofMinutes(1));
    private static final DurationFormat RELOAD = new DurationFormat(Duration.ofMillis(100), Duration.ofHours(1));
    private static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(10);
    private static final List<String> KINDS = List.of("key", "bearerFile", "entra", "managedIdentity");
    private static final List<String> PROOFS = List.of("clientSecret", "certificate", "federatedTokenFile");

    private final FileFormat file;
    private final Set<String> names = new HashSet<>();
    private final Map<String, CredentialConfig> credentials = new HashMap<>();

    CredentialReader(Path directory) {
        this.file = FileFormat.readable(directory);
    }

    CredentialReader read(Section section) {
        for (String name : section.names(GatewayReader.NAME, CREDENTIALS)) {
            names.add(name);
            Section written = section.requireSection(name, "a map of " + String.join(", ", KINDS));
            CredentialConfig credential = written == null ? null : credential(name, written);
            if (credential != null) {
                credentials.put(name, credential);
            }
        }
        return this;
    }

    /** The credential an upstream shows, by its name or by its own key; null for none. */
    @Nullable
    CredentialConfig of(Section upstream) {
        Secret key = upstream.find("key", SECRET);
        String name = upstream.find("credential", GatewayReader.NAME);
        if (upstream.holds("key") && upstream.holds("credential")) {
            upstream.refuse("credential", "beside key", "a key or a credential");
        } else if (name != null && !names.contains(name)) {
            upstream.refuse("credential", "there is no " + name, "the name of a credential");
        }
        return key != null ? new CredentialConfig.Key(key) : name == null ? null : credentials.get(name);
    }

    private @Nullable CredentialConfig credential(String name, Section written) {
        Secret key = written.find("key", SECRET);
        Path bearer = written.find("bearerFile", file);
        Duration reload = written.read("reloadTime", RELOAD, Duration.ofSeconds(5));
        Section entra = written.findSection("entra", "a map with at least tenant and clientId");
        Section managed = written.findSection("managedIdentity", "a map, which may be empty: {}");
        CredentialConfig entraToken = entra == null ? null : entra(name, entra);
        CredentialConfig managedToken = managed == null ? null : managed(name, managed);
        if (written.holds("reloadTime") && !written.holds("bearerFile")) {
            written.refuse("reloadTime", "not taken here", "this key only with bearerFile");
        }
        if (!hasOne(written, KINDS)) {
            return null;
        }
        if (key != null) {
            return new CredentialConfig.Key(key);
        }
        return bearer != null ? new BearerFile(name, bearer, reload) : entra != null ? entraToken : managedToken;
    }

    private @Nullable CredentialConfig entra(String name, Section entra) {
        String tenant = entra.require("tenant", TENANT);
        String clientId = entra.require("clientId", TEXT);
        Proof proof = proof(entra);
        URI authority = entra.read("authority", HTTPS, URI.create("https://login.microsoftonline.com"));
        String scope = entra.read("scope", TEXT, "https://cognitiveservices.azure.com/.default");
        Duration deadline = entra.read("deadline", DEADLINE, DEADLINE_DEFAULT);
        Path ca = entra.find("ca", file);
        return tenant == null || clientId == null || proof == null
                ? null
                : new Entra(name, tenant, clientId, proof, authority, scope, deadline, ca);
    }

    private @Nullable Proof proof(Section entra) {
        Secret secret = entra.find("clientSecret", SECRET);
        Path certificate = entra.find("certificate", file);
        Path key = entra.find("key", file);
        Path federated = entra.find("federatedTokenFile", file);
        if (entra.holds("certificate") != entra.holds("key")) {
            boolean lacksKey = entra.holds("certificate");
            entra.refuse(lacksKey ? "key" : "certificate", "missing", "a certificate and its key");
        }
        if (!hasOne(entra, PROOFS)) {
            return null;
        }
        if (secret != null) {
            return new Proof.ClientSecret(secret);
        }
        if (federated != null) {
            return new Proof.FederatedToken(federated);
        }
        return certificate == null || key == null ? null : new Proof.Certificate(certificate, key);
    }

    private static CredentialConfig managed(String name, Section managed) {
        return new ManagedIdentity(
                name,
                managed.find("clientId", TEXT),
                managed.read("resource", TEXT, "https://cognitiveservices.azure.com"),
                managed.read("endpoint", URL, URI.create("http://169.254.169.254/metadata/identity/oauth2/token")),
                managed.find("identityHeader", SECRET),
                managed.read("deadline", DEADLINE, DEADLINE_DEFAULT));
    }

    /** Whether exactly one of these keys is there; else it is reported. */
    private static boolean hasOne(Section section, List<String> keys) {
        List<String> held = keys.stream().filter(section::holds).toList();
        String one = "one of " + String.join(", ", keys);
        if (held.isEmpty()) {
            section.refuse(keys.get(0), "missing", one);
        } else if (held.size() > 1) {
            section.refuse(held.get(1), "beside " + held.get(0), one);
        }
        return held.size() == 1;
    }
}
