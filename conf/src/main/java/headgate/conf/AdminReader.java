package headgate.conf;

import headgate.conf.TlsConfig.Certificate;
import headgate.conf.TlsConfig.ClientCertificates;
import headgate.conf.yaml.AddressFormat;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.EitherFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.SizeFormat;
import headgate.conf.yaml.TextFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The admin listener: its address, and what keeps strangers from it. */
final class AdminReader {
    private static final String KEY = "admin";
    private static final Format<String> OFF = new EitherFormat<>(new TextFormat("off", "off"), "a map");
    private static final AddressFormat ADDRESS = new AddressFormat();
    private static final InetSocketAddress DEFAULT = InetSocketAddress.createUnresolved("127.0.0.1", 9090);
    private static final SecretFormat TOKEN = new SecretFormat(16);
    private static final CountFormat CONNECTIONS = new CountFormat(1, 10_000);
    private static final SizeFormat BODY = new SizeFormat(SizeFormat.KIB, 64 * SizeFormat.MIB);
    private static final Duration RELOAD_TIME = Duration.ofSeconds(5);

    private final FileFormat pem;

    AdminReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    /** Null when it is off. */
    @Nullable
    AdminConfig read(Section root) {
        if (root.holdsText(KEY)) {
            root.find(KEY, OFF);
            return null;
        }
        Section written = root.findSection(KEY, OFF.expected());
        if (written == null && root.holds(KEY)) {
            return null;
        }
        Section admin = written == null ? root.section(KEY) : written;
        InetSocketAddress listen = admin.read("listen", ADDRESS, DEFAULT);
        Secret token = admin.find("token", TOKEN);
        TlsConfig tls = tls(admin.findSection("tls", "a map of certificate and key"));
        int connections = admin.read("connections", CONNECTIONS, 64);
        int bodyBytes = Math.toIntExact(admin.read("bodyBytes", BODY, SizeFormat.MIB));
        boolean guarded = admin.holds("token") || (tls != null && tls.clientCertificates() != null);
        if (!guarded && admin.sound("tls") && !isLoopback(listen.getHostString())) {
            admin.refuse(
                    "listen",
                    ADDRESS.write(listen),
                    "a loopback address, or a token, or tls with ca: whoever reaches another address may ask");
        }
        return new AdminConfig(listen.getHostString(), listen.getPort(), token, tls, connections, bodyBytes);
    }

    private @Nullable TlsConfig tls(@Nullable Section tls) {
        if (tls == null) {
            return null;
        }
        Path certificate = tls.require("certificate", pem);
        Path key = tls.require("key", pem);
        Path ca = tls.find("ca", pem);
        Path crl = tls.find("crl", pem);
        if (tls.holds("crl") && !tls.holds("ca")) {
            tls.refuse("crl", "without ca", "a list only beside the authorities whose it is");
        }
        return new TlsConfig(
                certificate == null || key == null ? List.of() : List.of(new Certificate(certificate, key, List.of())),
                false,
                TlsConfig.Version.TLS_1_2,
                true,
                ca == null ? null : new ClientCertificates(ca, crl, TlsConfig.Mode.REQUIRE),
                RELOAD_TIME,
                TlsConfig.Provider.AUTO);
    }

    /** Nothing is asked of DNS: of names, only the one that always means this machine is taken (RFC 6761, section 6.3). */
    private static boolean isLoopback(String host) {
        InetAddress address = Network.address(host);
        return address == null ? host.equalsIgnoreCase("localhost") : address.isLoopbackAddress();
    }
}
