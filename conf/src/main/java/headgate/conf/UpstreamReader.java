package headgate.conf;

import headgate.conf.UpstreamConfig.Api;
import headgate.conf.UpstreamConfig.Http;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.UrlFormat;
import headgate.conf.yaml.WordFormat;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One upstream of a deployment. */
final class UpstreamReader {
    private static final UrlFormat URL = new UrlFormat();
    private static final Format<Api> API = new WordFormat<>(List.of(Api.values()), Api::word);
    private static final Format<Http> HTTP = new WordFormat<>(List.of(Http.values()), Http::word);
    private static final TextFormat API_VERSION = new TextFormat(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?", "a version such as 2024-10-21 or 2025-04-01-preview");
    private static final CountFormat PRIORITY = new CountFormat(1, 100);
    private static final CountFormat WEIGHT = new CountFormat(1, 1000);

    private final FileFormat pem;
    private final CredentialReader credentials;

    UpstreamReader(Path directory, CredentialReader credentials) {
        this.pem = FileFormat.readable(directory);
        this.credentials = credentials;
    }

    /** Null when there is no URL, which has been reported. */
    @Nullable
    UpstreamConfig read(Section upstream) {
        URI url = upstream.require("url", URL);
        Api api = upstream.read("api", API, Api.OPENAI);
        String model = upstream.find("model", DeploymentReader.MODEL);
        String deployment = upstream.find("deployment", GatewayReader.NAME);
        String apiVersion = upstream.find("apiVersion", API_VERSION);
        CredentialConfig credential = credentials.of(upstream);
        int priority = upstream.read("priority", PRIORITY, 1);
        int weight = upstream.read("weight", WEIGHT, 1);
        Path ca = upstream.find("ca", pem);
        Http http = upstream.read("http", HTTP, Http.AUTO);
        refuseUnless(api == Api.AZURE, upstream, "deployment", "api: azure");
        refuseUnless(api != Api.OPENAI, upstream, "apiVersion", "api: azure or azure-inference");
        return url == null
                ? null
                : new UpstreamConfig(url, api, model, deployment, apiVersion, credential, priority, weight, ca, http);
    }

    private static void refuseUnless(boolean taken, Section upstream, String key, String apis) {
        if (!taken && upstream.holds(key) && upstream.sound("api")) {
            upstream.refuse(key, "not taken by this api", "this key only with " + apis);
        }
    }
}
