package headgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One issuer of tokens, and which of its tokens are taken.
 *
 * @param issuer what {@code iss} says, exactly
 * @param discovery where its discovery document is
 * @param jwks where its keys are, when the discovery document is not asked; else null
 * @param tenant what {@code tid} must say; null when it does not matter
 * @param audiences one of them is in {@code aud}; without the slash at their ends
 * @param algorithms how its tokens may be signed; default RS256
 * @param leeway how far its clock may be from ours; default 60 s
 * @param refresh how often its documents are read again; default 1 h
 * @param outage how long its known keys go on while it cannot be reached; default 24 h
 * @param unknownKeyInterval a token with an unknown key makes its documents be read at most once in this time; default 1 min
 * @param deadline how long reading its documents may take; default 5 s
 * @param ca PEM file with the authorities to trust instead of the system's; null for those
 */
public record IssuerConfig(
        String issuer,
        URI discovery,
        @Nullable URI jwks,
        @Nullable String tenant,
        Set<String> audiences,
        Set<TokenAlgorithm> algorithms,
        Duration leeway,
        Duration refresh,
        Duration outage,
        Duration unknownKeyInterval,
        Duration deadline,
        @Nullable Path ca) {}
