package headgate.proxy.tracing;

import headgate.conf.UpstreamConfig;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An upstream in the words of the semantic conventions for generative AI (1.41).
 *
 * @param provider whose it is: {@code gen_ai.provider.name}; what it is spoken to like, where nothing tells more
 * @param model what it was asked for: {@code gen_ai.request.model}
 */
record CalledUpstream(URI url, String provider, String model) {
    /** How the hosts end of those who can be spoken to as OpenAI is. */
    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry(".anthropic.com", "anthropic"),
            Map.entry(".cohere.ai", "cohere"),
            Map.entry(".cohere.com", "cohere"),
            Map.entry(".deepseek.com", "deepseek"),
            Map.entry(".groq.com", "groq"),
            Map.entry(".mistral.ai", "mistral_ai"),
            Map.entry(".moonshot.ai", "moonshot_ai"),
            Map.entry(".perplexity.ai", "perplexity"),
            Map.entry(".x.ai", "x_ai"),
            Map.entry(".ml.cloud.ibm.com", "ibm.watsonx.ai"),
            Map.entry(".amazonaws.com", "aws.bedrock"),
            Map.entry(".generativelanguage.googleapis.com", "gcp.gemini"),
            Map.entry("aiplatform.googleapis.com", "gcp.vertex_ai"),
            Map.entry(".openai.azure.com", "azure.ai.openai"),
            Map.entry(".cognitiveservices.azure.com", "azure.ai.openai"),
            Map.entry(".services.ai.azure.com", "azure.ai.openai"));

    /** The upstream that goes by this URL. Where several do, only what they have in common is known. */
    static CalledUpstream of(TracedExchange exchange, String called) {
        URI url = URI.create(called);
        Set<String> providers = new HashSet<>();
        Set<String> models = new HashSet<>();
        for (UpstreamConfig upstream : exchange.upstreams()) {
            if (upstream.url().toString().equals(called)) {
                providers.add(provider(upstream.api(), url));
                models.add(model(upstream, exchange.model()));
            }
        }
        return new CalledUpstream(
                url,
                providers.size() == 1 ? providers.iterator().next() : provider(UpstreamConfig.Api.OPENAI, url),
                models.size() == 1 ? models.iterator().next() : exchange.model());
    }

    /** The conventions' word for whose an upstream is. */
    static String provider(UpstreamConfig.Api api, URI url) {
        return switch (api) {
            case AZURE -> "azure.ai.openai";
            case AZURE_INFERENCE -> "azure.ai.inference";
            case OPENAI -> {
                String host = "." + url.getHost().toLowerCase(Locale.ROOT);
                yield PROVIDERS.entrySet().stream()
                        .filter(known -> host.endsWith(known.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("openai");
            }
        };
    }

    private static String model(UpstreamConfig upstream, String otherwise) {
        if (upstream.api() == UpstreamConfig.Api.AZURE && upstream.deployment() != null) {
            return upstream.deployment();
        }
        return upstream.model() != null ? upstream.model() : otherwise;
    }
}
