package headgate.proxy.tracing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.conf.UpstreamConfig;
import headgate.conf.UpstreamConfig.Api;
import headgate.filters.Usage;
import headgate.filters.api.Operation;
import headgate.filters.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes traced exchanges as the OpenTelemetry protocol has them in JSON (OTLP 1.x, {@code ExportTraceServiceRequest}): a server span
 * for each, and a client span for each call of an upstream, by the semantic conventions for HTTP and for generative AI.
 */
final class SpanText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;

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
        String name = operation == null ? exchange.method() : exchange.method() + " " + operation.word();
        begin(exchange, trace.span(), trace.parent(), name, SERVER, exchange.startNanos(), exchange.endNanos());
        text("http.request.method", exchange.method());
        text("url.path", exchange.path());
        text("network.protocol.name", "http");
        model(exchange);
        text("headgate.request_id", exchange.id());
        text("headgate.principal", exchange.principal());
        number("http.response.status_code", exchange.status());
        usage(exchange.usage());
        text("error.type", exchange.error());
        // What a caller did wrong is no failure of this side's, by the conventions.
        end(exchange.status() >= 500 || exchange.blamedOnUs());
    }

    private void client(TracedExchange exchange, Trace.Call call, int before) throws IOException {
        boolean answered = call.endNanos() == 0;
        String name = operation(exchange.operation()) + " " + exchange.deployment();
        begin(
                exchange,
                call.span(),
                exchange.trace().span(),
                name,
                CLIENT,
                call.startNanos(),
                answered ? exchange.endNanos() : call.endNanos());
        model(exchange);
        URI url = URI.create(call.upstream());
        text("gen_ai.provider.name", provider(exchange, call.upstream()));
        text("server.address", url.getHost());
        number("server.port", url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80);
        if (before > 0) {
            out.writeStartObject();
            out.writeStringField("key", "http.request.resend_count");
            integer(before);
        }
        String failure = answered ? exchange.error() : call.failure();
        if (answered && exchange.error() == null) {
            number("http.response.status_code", exchange.status());
            usage(exchange.usage());
            failure = exchange.status() >= 400 ? Integer.toString(exchange.status()) : null;
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

    private void model(TracedExchange exchange) throws IOException {
        if (exchange.deployment() != null) {
            text("gen_ai.operation.name", operation(exchange.operation()));
            text("gen_ai.request.model", exchange.deployment());
        }
    }

    private void usage(@Nullable Usage usage) throws IOException {
        if (usage != null) {
            number("gen_ai.usage.input_tokens", usage.promptTokens());
            number("gen_ai.usage.output_tokens", usage.completionTokens());
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

    private static @Nullable String provider(TracedExchange exchange, String called) {
        for (UpstreamConfig upstream : exchange.upstreams()) {
            if (upstream.url().toString().equals(called)) {
                return upstream.api() == Api.AZURE
                        ? "azure.ai.openai"
                        : upstream.api() == Api.AZURE_INFERENCE ? "azure.ai.inference" : "openai";
            }
        }
        return null;
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
            integer(value);
        }
    }

    /** A 64-bit number is a text in this form of the protocol. */
    private void integer(long value) throws IOException {
        out.writeObjectFieldStart("value");
        out.writeStringField("intValue", Long.toString(value));
        out.writeEndObject();
        out.writeEndObject();
    }
}
