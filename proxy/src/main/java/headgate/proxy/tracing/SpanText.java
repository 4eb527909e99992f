package headgate.proxy.tracing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.filters.Usage;
import headgate.filters.api.Operation;
import headgate.filters.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes traced exchanges as the OpenTelemetry protocol has them in JSON (OTLP 1.x, {@code ExportTraceServiceRequest}): a server span
 * for each, and a client span for each call of an upstream, by the semantic conventions (1.41) for HTTP and for generative AI.
 */
final class SpanText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;
    /** The methods of RFC 9110, and PATCH; there may be any number of others. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final JsonGenerator out;

    private SpanText(JsonGenerator out) {
        this.out = out;
    }

    /** The document that tells of these. */
    static byte[] of(String service, List<TracedExchange> exchanges) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 * exchanges.size() + 256);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            new SpanText(out).write(service, exchanges);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private void write(String service, List<TracedExchange> exchanges) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("resourceSpans");
        out.writeStartObject();
        out.writeObjectFieldStart("resource");
        out.writeArrayFieldStart("attributes");
        text("service.name", service);
        out.writeEndArray();
        out.writeEndObject();
        out.writeArrayFieldStart("scopeSpans");
        out.writeStartObject();
        out.writeObjectFieldStart("scope");
        out.writeStringField("name", "headgate");
        out.writeEndObject();
        out.writeArrayFieldStart("spans");
        for (TracedExchange exchange : exchanges) {
            server(exchange);
            for (int i = 0; i < exchange.trace().calls().size(); i++) {
                client(exchange, exchange.trace().calls().get(i), i);
            }
        }
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
    }

    private void server(TracedExchange exchange) throws IOException {
        Trace trace = exchange.trace();
        Operation operation = exchange.operation();
        boolean known = METHODS.contains(exchange.method());
        String method = known ? exchange.method() : "HTTP";
        String name = operation == null ? method : method + " " + operation.word();
        begin(exchange, trace.span(), trace.parent(), name, SERVER, exchange.startNanos(), exchange.endNanos());
        text("http.request.method", known ? exchange.method() : "_OTHER");
        text("http.request.method_original", known ? null : exchange.method());
        text("url.scheme", exchange.secure() ? "https" : "http");
        text("url.path", exchange.path());
        model(exchange, exchange.deployment());
        text("headgate.request_id", exchange.id());
        text("headgate.principal", exchange.principal());
        number("http.response.status_code", exchange.status());
        usage(exchange.usage());
        String error = exchange.error();
        text("error.type", error == null && exchange.status() >= 500 ? Integer.toString(exchange.status()) : error);
        // What a caller did wrong is no failure of this side's, by the conventions.
        end(exchange.status() >= 500 || exchange.blamedOnUs());
    }

    private void client(TracedExchange exchange, Trace.Call call, int before) throws IOException {
        boolean last = call.endNanos() == 0;
        CalledUpstream called = CalledUpstream.of(exchange, call.upstream());
        begin(
                exchange,
                call.span(),
                exchange.trace().span(),
                operation(exchange.operation()) + " " + called.model(),
                CLIENT,
                call.startNanos(),
                last ? exchange.endNanos() : call.endNanos());
        model(exchange, called.model());
        text("headgate.deployment", exchange.deployment());
        text("gen_ai.provider.name", called.provider());
        URI url = called.url();
        text("server.address", url.getHost());
        number("server.port", url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80);
        number("http.request.resend_count", before);
        boolean answered = last && exchange.error() == null;
        if (answered) {
            usage(exchange.usage());
        }
        int status = answered ? exchange.status() : call.status();
        number("http.response.status_code", status);
        String failure = last ? exchange.error() : call.failure();
        if (failure == null && status >= 400) {
            failure = Integer.toString(status);
        }
        text("error.type", failure);
        end(failure != null);
    }

    private void begin(
            TracedExchange exchange, long span, long parent, String name, int kind, long startNanos, long endNanos)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("traceId", exchange.trace().traceId());
        out.writeStringField("spanId", Trace.hex(span));
        if (parent != 0) {
            out.writeStringField("parentSpanId", Trace.hex(parent));
        }
        out.writeStringField("name", name);
        out.writeNumberField("kind", kind);
        out.writeStringField("startTimeUnixNano", Long.toString(exchange.unixNanos(startNanos)));
        out.writeStringField("endTimeUnixNano", Long.toString(exchange.unixNanos(endNanos)));
        out.writeArrayFieldStart("attributes");
    }

    private void end(boolean failed) throws IOException {
        out.writeEndArray();
        if (failed) {
            out.writeObjectFieldStart("status");
            out.writeNumberField("code", ERROR);
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private void model(TracedExchange exchange, @Nullable String model) throws IOException {
        if (model != null) {
            text("gen_ai.operation.name", operation(exchange.operation()));
            text("gen_ai.request.model", model);
            if (exchange.streams()) {
                out.writeStartObject();
                out.writeStringField("key", "gen_ai.request.stream");
                out.writeObjectFieldStart("value");
                out.writeBooleanField("boolValue", true);
                out.writeEndObject();
                out.writeEndObject();
            }
        }
    }

    private void usage(@Nullable Usage usage) throws IOException {
        if (usage != null) {
            number("gen_ai.usage.input_tokens", usage.promptTokens());
            number("gen_ai.usage.output_tokens", usage.completionTokens());
            number("gen_ai.usage.cache_read.input_tokens", usage.cachedTokens());
            number("gen_ai.usage.reasoning.output_tokens", usage.reasoningTokens());
        }
    }

    /** The conventions' word where they have one. */
    private static @Nullable String operation(@Nullable Operation operation) {
        if (operation == null) {
            return null;
        }
        return switch (operation) {
            case CHAT_COMPLETIONS, RESPONSES -> "chat";
            case COMPLETIONS -> "text_completion";
            case EMBEDDINGS, IMAGE_EMBEDDINGS -> "embeddings";
            default -> operation.word();
        };
    }

    private void text(String key, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStartObject();
            out.writeStringField("key", key);
            out.writeObjectFieldStart("value");
            out.writeStringField("stringValue", value);
            out.writeEndObject();
            out.writeEndObject();
        }
    }

    /** What is not above 0 is not known. */
    private void number(String key, long value) throws IOException {
        if (value > 0) {
            out.writeStartObject();
            out.writeStringField("key", key);
            out.writeObjectFieldStart("value");
            // A 64-bit number is a text in this form of the protocol.
            out.writeStringField("intValue", Long.toString(value));
            out.writeEndObject();
            out.writeEndObject();
        }
    }
}
