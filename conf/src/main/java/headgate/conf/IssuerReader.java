package headgate.conf;

import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.HttpsFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The issuers of tokens: an Entra tenant in short, which issues under two names, or any other by its own. */
final class IssuerReader {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";
    /** What Entra's tokens for these endpoints are meant for; CONTRACT.md, section 3. */
    private static final List<String> ENTRA_AUDIENCES =
            List.of("https://cognitiveservices.azure.com", "https://ai.azure.com", "https://ml.azure.com");

    private static final HttpsFormat HTTPS = new HttpsFormat();
    private static final TextFormat TENANT = new TextFormat(
            Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}"),
            "a tenant's id, such as 00000000-0000-0000-0000-000000000000");
    private static final TextFormat AUDIENCE =
            new TextFormat("[\\x21-\\x7E]{1,512}", "an audience of 1 to 512 visible ASCII characters");
    private static final Format<TokenAlgorithm> ALGORITHM =
            new WordFormat<>(List.of(TokenAlgorithm.values()), TokenAlgorithm::name);
    private static final DurationFormat LEEWAY = new DurationFormat(Duration.ZERO, Duration.ofMinutes(10));
    private static final DurationFormat REFRESH = new DurationFormat(Duration.ofMillis(100), Duration.ofHours(24));
    private static final DurationFormat OUTAGE = new DurationFormat(Duration.ZERO, Duration.ofDays(7));
    private static final DurationFormat INTERVAL = new DurationFormat(Duration.ofMillis(100), Duration.ofHours(1));
    private static final DurationFormat DEADLINE = new DurationFormat(Duration.ofMillis(100), Duration.ofMinutes(1));
    private static final Bounds ISSUERS = new Bounds(0, 16);
    private static final Bounds AUDIENCES = new Bounds(1, 64);

    private final FileFormat pem;
    private final List<IssuerConfig> issuers = new ArrayList<>();
    private final Map<String, Section> firsts = new HashMap<>();

    IssuerReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    List<IssuerConfig> read(Section identity) {
        for (Section issuer : identity.sections("issuers", ISSUERS)) {
            read(issuer, issuer.find("tenant", TENANT), issuer.find("issuer", HTTPS));
        }
        return List.copyOf(issuers);
    }

    private void read(Section section, @Nullable String tenant, @Nullable URI issuer) {
        URI authority = section.read("authority", HTTPS, URI.create("https://login.microsoftonline.com"));
        URI sts = section.read("sts", HTTPS, URI.create("https://sts.windows.net"));
        URI jwks = section.find("jwks", HTTPS);
        IssuerConfig common = common(section, jwks);
        boolean named = section.holds("tenant");
        if (named == section.holds("issuer")) {
            section.refuse(named ? "issuer" : "tenant", named ? "beside tenant" : "missing", "a tenant or an issuer");
        } else if (tenant != null) {
            String id = tenant.toLowerCase(Locale.ROOT);
            String home = withoutSlash(authority.toString()) + "/" + id;
            add(section, "tenant", common, withoutSlash(sts.toString()) + "/" + id + "/", home, id);
            add(section, "tenant", common, home + "/v2.0", home + "/v2.0", id);
        } else if (issuer != null) {
            String name = issuer.toString();
            add(section, "issuer", common, name, withoutSlash(name), null);
        }
        refuseBeside(section, !named, "authority", "tenant");
        refuseBeside(section, !named, "sts", "tenant");
        refuseBeside(section, named, "jwks", "issuer");
        if (!named && section.holds("issuer") && !section.holds("audiences")) {
            section.refuse("audiences", "missing", "what this issuer's tokens for the gateway are meant for");
        }
    }

    /** What both names of a tenant have in common. */
    private IssuerConfig common(Section section, @Nullable URI jwks) {
        Set<String> audiences = new LinkedHashSet<>(section.holds("tenant") ? ENTRA_AUDIENCES : List.of());
        section.readList("audiences", AUDIENCE, AUDIENCES, List.of())
                .forEach(audience -> audiences.add(withoutSlash(audience)));
        return new IssuerConfig(
                "",
                URI.create(""),
                jwks,
                null,
                Collections.unmodifiableSet(audiences),
                Set.copyOf(section.readList("algorithms", ALGORITHM, new Bounds(1, 9), List.of(TokenAlgorithm.RS256))),
                section.read("leeway", LEEWAY, Duration.ofSeconds(60)),
                section.read("refresh", REFRESH, Duration.ofHours(1)),
                section.read("outage", OUTAGE, Duration.ofHours(24)),
                section.read("unknownKeyInterval", INTERVAL, Duration.ofMinutes(1)),
                section.read("deadline", DEADLINE, Duration.ofSeconds(5)),
                section.find("ca", pem));
    }

    private void add(
            Section section, String key, IssuerConfig common, String issuer, String home, @Nullable String tenant) {
        Section first = firsts.putIfAbsent(issuer, section);
        if (first != null) {
            // Two tenants of one id share both names: one line says it.
            if (section.sound(key)) {
                section.refuse(key, "a repetition", "another issuer than that of line " + first.line(key));
            }
            return;
        }
        issuers.add(new IssuerConfig(
                issuer,
                URI.create(home + WELL_KNOWN),
                common.jwks(),
                tenant,
                common.audiences(),
                common.algorithms(),
                common.leeway(),
                common.refresh(),
                common.outage(),
                common.unknownKeyInterval(),
                common.deadline(),
                common.ca()));
    }

    private static void refuseBeside(Section section, boolean other, String key, String only) {
        if (other && section.holds(key)) {
            section.refuse(key, "not taken here", "this key only with " + only);
        }
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
