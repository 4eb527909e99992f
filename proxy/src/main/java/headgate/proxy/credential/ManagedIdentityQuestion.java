package headgate.proxy.credential;

import headgate.conf.CredentialConfig.ManagedIdentity;
import headgate.conf.Secret;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.http.AnswerHead;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the platform that the gateway runs on: the instance metadata service, or App Service where it has a header. */
final class ManagedIdentityQuestion implements TokenEndpoint.Question {
    private static final AsciiString METADATA = AsciiString.cached("metadata");
    private static final AsciiString TRUE = AsciiString.cached("true");
    private static final AsciiString IDENTITY_HEADER = AsciiString.cached("x-identity-header");

    private final FetchRequest request;

    /**
     * A question that is always the same.
     *
     * @param tls null for plain HTTP
     */
    ManagedIdentityQuestion(ManagedIdentity config, @Nullable SslContext tls) {
        Secret shown = config.identityHeader();
        StringBuilder url = new StringBuilder(config.endpoint().toString());
        url.append("?api-version=").append(shown == null ? "2018-02-01" : "2019-08-01");
        url.append("&resource=").append(URLEncoder.encode(config.resource(), StandardCharsets.UTF_8));
        if (config.clientId() != null) {
            url.append("&client_id=").append(URLEncoder.encode(config.clientId(), StandardCharsets.UTF_8));
        }
        AnswerHead.Field field = shown == null
                ? new AnswerHead.Field(METADATA, TRUE)
                : new AnswerHead.Field(IDENTITY_HEADER, shown.value());
        this.request = new FetchRequest(
                "GET",
                URI.create(url.toString()),
                List.of(field),
                new byte[0],
                config.deadline(),
                TokenEndpoint.ANSWER_BYTES_MAX,
                tls);
    }

    @Override
    public FetchRequest ask() {
        return request;
    }
}
