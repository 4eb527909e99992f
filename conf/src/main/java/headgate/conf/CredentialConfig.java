package headgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What upstreams are shown, so that they know the gateway. */
public sealed interface CredentialConfig {
    /** A key that stays as it is. */
    record Key(Secret secret) implements CredentialConfig {}

    /** A bearer token that changes, by a name that no other one has. */
    sealed interface Token extends CredentialConfig {
        /** The name as it is written in a configuration. */
        String name();
    }

    /**
     * A bearer token that something else keeps fresh in a file.
     *
     * @param reloadTime between two looks at the file; default 5 s
     */
    record BearerFile(String name, Path file, Duration reloadTime) implements Token {}

    /**
     * Tokens that Microsoft Entra gives to an application.
     *
     * @param tenant its id or its domain
     * @param clientId the application's id
     * @param proof how the application proves that it is itself
     * @param authority where the tenant's tokens are; default https://login.microsoftonline.com
     * @param scope what the tokens are for; default https://cognitiveservices.azure.com/.default
     * @param deadline how long asking may take; default 10 s
     * @param ca PEM file of the certificate authorities to trust instead of the system's; null for the system's
     */
    record Entra(
            String name,
            String tenant,
            String clientId,
            Proof proof,
            URI authority,
            String scope,
            Duration deadline,
            @Nullable Path ca)
            implements Token {}

    /**
     * Tokens that the platform gives to the machine, or to the App Service, that the gateway runs on.
     *
     * @param clientId which of its identities; null for the only one
     * @param resource what the tokens are for; default https://cognitiveservices.azure.com
     * @param endpoint where they are; default the instance metadata service
     * @param identityHeader what App Service wants to see; null for the instance metadata service
     * @param deadline how long asking may take; default 10 s
     */
    record ManagedIdentity(
            String name,
            @Nullable String clientId,
            String resource,
            URI endpoint,
            @Nullable Secret identityHeader,
            Duration deadline)
            implements Token {}

    /** How an application proves to Entra that it is itself. */
    sealed interface Proof {
        /** By a secret that both know. */
        record ClientSecret(Secret secret) implements Proof {}

        /** By a signature; PEM files, read each time. */
        record Certificate(Path certificate, Path key) implements Proof {}

        /** By another issuer's token, which is in a file that is read each time. */
        record FederatedToken(Path file) implements Proof {}
    }
}
