package headgate.proxy.credential;

import headgate.conf.CredentialConfig.Entra;
import headgate.conf.CredentialConfig.Proof;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.http.AnswerHead;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Asks Entra for an application's token: the client credentials grant (RFC 6749, section 4.4).
 *
 * <p>Assertions take a secret's place as RFC 7523, section 2.2, says.
 */
final class EntraQuestion implements TokenEndpoint.Question {
    private static final List<AnswerHead.Field> FORM = List.of(new AnswerHead.Field(
            AsciiString.cached("content-type"), AsciiString.cached("application/x-www-form-urlencoded")));
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final Entra config;
    private final SslContext tls;
    private final URI url;

    EntraQuestion(Entra config, SslContext tls) {
        this.config = config;
        this.tls = tls;
        String authority = config.authority().toString();
        String base = authority.endsWith("/") ? authority : authority + "/";
        this.url = URI.create(base + config.tenant() + "/oauth2/v2.0/token");
    }

    @Override
    public FetchRequest ask() throws IOException, GeneralSecurityException {
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        add(form, "client_id", config.clientId());
        add(form, "scope", config.scope());
        if (config.proof() instanceof Proof.ClientSecret proof) {
            add(form, "client_secret", proof.secret().value());
        } else {
            add(form, "client_assertion_type", JWT_BEARER);
            add(form, "client_assertion", assertion());
        }
        byte[] body = form.toString().getBytes(StandardCharsets.US_ASCII);
        return new FetchRequest("POST", url, FORM, body, config.deadline(), TokenEndpoint.ANSWER_BYTES_MAX, tls);
    }

    private String assertion() throws IOException, GeneralSecurityException {
        return config.proof() instanceof Proof.Certificate certificate
                ? SignedAssertion.of(certificate, config.clientId(), url)
                : TokenFile.read(((Proof.FederatedToken) config.proof()).file());
    }

    private static void add(StringBuilder form, String name, String value) {
        form.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
