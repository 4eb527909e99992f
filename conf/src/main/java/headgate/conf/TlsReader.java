package headgate.conf;

import headgate.conf.TlsConfig.Certificate;
import headgate.conf.TlsConfig.ClientCertificates;
import headgate.conf.TlsConfig.Mode;
import headgate.conf.TlsConfig.Version;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The TLS of a listener: one certificate in short, or a list of them. */
final class TlsReader {
    private static final Bounds CERTIFICATES = new Bounds(1, 1000);
    private static final Bounds NAMES = new Bounds(1, 1000);
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final TextFormat NAME = new TextFormat(
            "(?=.{1,253}$)(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*",
            "a host name, such as api.example.com or *.example.com");
    private static final WordFormat<Boolean> UNKNOWN_NAME =
            new WordFormat<>(List.of(false, true), refuse -> refuse ? "refuse" : "default");
    private static final WordFormat<Version> VERSION = new WordFormat<>(List.of(Version.values()), Version::word);
    private static final WordFormat<Mode> MODE = new WordFormat<>(List.of(Mode.values()), TlsReader::lowerCase);
    private static final WordFormat<TlsConfig.Provider> PROVIDER =
            new WordFormat<>(List.of(TlsConfig.Provider.values()), TlsReader::lowerCase);
    private static final DurationFormat RELOAD = new DurationFormat(Duration.ofMillis(100), Duration.ofHours(1));

    private final FileFormat pem;

    TlsReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    @Nullable
    TlsConfig read(Section listener) {
        Section tls = listener.findSection("tls", "a map of certificate and key");
        if (tls == null) {
            return null;
        }
        return new TlsConfig(
                certificates(tls),
                tls.read("unknownName", UNKNOWN_NAME, false),
                tls.read("minVersion", VERSION, Version.TLS_1_2),
                tls.read("sessionTickets", WordFormat.FLAG, true),
                clientCertificates(tls),
                tls.read("reloadTime", RELOAD, Duration.ofSeconds(5)),
                tls.read("provider", PROVIDER, TlsConfig.Provider.AUTO));
    }

    private List<Certificate> certificates(Section tls) {
        boolean many = tls.holds("certificates");
        Path certificate = many ? tls.find("certificate", pem) : tls.require("certificate", pem);
        Path key = many ? tls.find("key", pem) : tls.require("key", pem);
        List<Section> sections = tls.sections("certificates", CERTIFICATES);
        if (!many) {
            return certificate == null || key == null
                    ? List.of()
                    : List.of(new Certificate(certificate, key, List.of()));
        }
        for (String single : new String[] {"certificate", "key"}) {
            if (tls.holds(single)) {
                tls.refuse(single, "beside certificates", "certificate and key, or certificates, and not both");
            }
        }
        List<Certificate> certificates = new ArrayList<>();
        for (Section section : sections) {
            Path each = section.require("certificate", pem);
            Path itsKey = section.require("key", pem);
            List<String> names = section.readList("names", NAME, NAMES, List.of());
            if (each != null && itsKey != null) {
                certificates.add(new Certificate(each, itsKey, names));
            }
        }
        return List.copyOf(certificates);
    }

    private @Nullable ClientCertificates clientCertificates(Section tls) {
        Section callers = tls.findSection("clientCertificates", "a map with a ca");
        if (callers == null) {
            return null;
        }
        Path ca = callers.require("ca", pem);
        Path crl = callers.find("crl", pem);
        Mode mode = callers.read("mode", MODE, Mode.REQUIRE);
        return ca == null ? null : new ClientCertificates(ca, crl, mode);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
