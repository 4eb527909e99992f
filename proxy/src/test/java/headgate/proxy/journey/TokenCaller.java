package headgate.proxy.journey;

import java.io.IOException;

/** Asks a gateway with a token alone. */
final class TokenCaller {
    private static final String BODY = "{\"model\":\"gpt\"}";

    private TokenCaller() {}

    /** The answer to a chat. */
    static RawCaller.Answer chat(TestGateway gateway, String token) throws IOException {
        return chat(gateway, token, "gpt");
    }

    /** The answer to a chat with this deployment. */
    static RawCaller.Answer chat(TestGateway gateway, String token, String deployment) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.send(request(token, deployment)).read();
        }
    }

    static String request(String token, String deployment) {
        String body = BODY.replace("gpt", deployment);
        return """
                POST /openai/v1/chat/completions HTTP/1.1\r
                host: gateway\r
                authorization: Bearer %s\r
                content-type: application/json\r
                content-length: %d\r
                \r
                %s""".formatted(token, body.length(), body);
    }

    /** The answer to a question about the deployments. */
    static RawCaller.Answer get(TestGateway gateway, String credential, String target) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.send("GET " + target + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer " + credential
                            + "\r\n\r\n")
                    .read();
        }
    }
}
