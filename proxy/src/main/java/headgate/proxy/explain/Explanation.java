package headgate.proxy.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import headgate.conf.ContentFilterConfig.Category;
import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.api.ErrorReply;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import headgate.filters.http.AnswerHead;
import headgate.filters.quota.QuotaForecast;
import headgate.proxy.admin.JsonText;
import headgate.proxy.admin.QuotaPage;
import headgate.proxy.explain.DryRun.Decision;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.Gateway;
import headgate.proxy.routing.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an imagined exchange when it is decided, as JSON: what it did not come to is not there.
 *
 * <p>Never a secret, a header's value or a text of the request.
 *
 * @param quota null when it was not asked
 * @param policy null when it was not asked, or the deployment has none
 */
record Explanation(
        Exchange exchange,
        Decision decision,
        @Nullable QuotaForecast quota,
        @Nullable UnaskedPolicy policy,
        Gateway gateway) {

    String json() {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("decision", decision.word());
            who(json);
            deployment(json);
            if (quota != null) {
                quota(json, quota);
            }
            if (policy != null) {
                contentFilter(json, policy);
            }
            upstreams(json);
            answer(json);
            json.writeEndObject();
        });
    }

    private void who(JsonGenerator json) throws IOException {
        OperationMatch operation = exchange.operation();
        if (operation != null) {
            json.writeStringField("surface", operation.surface().word());
            json.writeStringField("operation", operation.operation().word());
        }
        Principal principal = exchange.principal();
        if (principal != null) {
            json.writeObjectFieldStart("principal");
            json.writeStringField("name", principal.name());
            json.writeArrayFieldStart("subjects");
            for (String subject : principal.subjects()) {
                json.writeString(subject);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void deployment(JsonGenerator json) throws IOException {
        if (exchange.modelName() != null) {
            json.writeStringField("asked", exchange.modelName());
        }
        Deployment deployment = exchange.deployment();
        boolean denied = decision.error() != null && decision.error().kind() == ProxyError.Kind.PERMISSION_DENIED;
        if (deployment != null || denied) {
            json.writeBooleanField("permitted", !denied);
        }
        if (deployment != null) {
            json.writeObjectFieldStart("deployment");
            json.writeStringField("name", deployment.name());
            json.writeStringField("model", deployment.modelName());
            if (deployment.config().sku() != null) {
                json.writeStringField("sku", deployment.config().sku().name().name());
            }
            json.writeEndObject();
        }
    }

    private static void quota(JsonGenerator json, QuotaForecast quota) throws IOException {
        json.writeObjectFieldStart("quota");
        json.writeBooleanField("admitted", quota.refusal() == null);
        json.writeArrayFieldStart("limits");
        for (QuotaForecast.Limit limit : quota.limits()) {
            json.writeStartObject();
            QuotaPage.write(json, limit.standing());
            json.writeNumberField("asked", limit.asked());
            json.writeBooleanField("enforced", limit.enforced());
            json.writeBooleanField("fits", limit.fits());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void contentFilter(JsonGenerator json, UnaskedPolicy met) throws IOException {
        boolean blocked = decision.error() != null && decision.error().kind() == ProxyError.Kind.CONTENT_FILTERED;
        json.writeObjectFieldStart("contentFilter");
        json.writeStringField("policy", met.config().name());
        json.writeStringField("rules", blocked ? "refused" : "passed");
        json.writeObjectFieldStart("wouldAsk");
        for (Map.Entry<String, Set<Category>> judge : met.unasked().entrySet()) {
            json.writeArrayFieldStart(judge.getKey());
            for (Category category : judge.getValue()) {
                json.writeString(category.word());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Also where nothing is taken: how the upstreams are may be what is looked for. */
    private void upstreams(JsonGenerator json) throws IOException {
        if (exchange.deployment() == null) {
            return;
        }
        long now = System.nanoTime();
        Route route = gateway.routes().of(exchange.deployment());
        json.writeArrayFieldStart("upstreams");
        for (Endpoint endpoint : route.endpoints()) {
            json.writeStartObject();
            json.writeStringField("url", endpoint.name());
            json.writeBooleanField("taken", endpoint == decision.taken());
            json.writeStringField("why", route.reason(endpoint, decision.taken(), now));
            json.writeNumberField("priority", endpoint.priority());
            json.writeNumberField("weight", endpoint.weight());
            json.writeNumberField(
                    "coolingMs", TimeUnit.NANOSECONDS.toMillis(endpoint.health().coolingNanos(now)));
            json.writeNumberField("open", endpoint.health().open());
            json.writeNumberField("calls", endpoint.health().calls());
            json.writeNumberField("failures", endpoint.health().failures());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** As the caller would get it, ids left out. */
    private void answer(JsonGenerator json) throws IOException {
        if (decision.status() == 0) {
            return;
        }
        ProxyError error = decision.error();
        json.writeObjectFieldStart("answer");
        json.writeNumberField("status", decision.status());
        json.writeObjectFieldStart("headers");
        fields(json, exchange.rateLimitFields());
        fields(json, decision.fields());
        if (error != null) {
            json.writeStringField("x-ms-error-code", error.kind().code());
        }
        json.writeEndObject();
        String body = error == null ? decision.body() : body(error);
        if (!body.isEmpty()) {
            json.writeFieldName("body");
            json.writeRawValue(body);
        }
        if (error != null) {
            json.writeStringField("error", error.kind().name());
        }
        json.writeEndObject();
    }

    private String body(ProxyError error) {
        byte[] body = ErrorReply.body(error, Surface.ofPath(exchange.head().path()));
        return new String(body, StandardCharsets.UTF_8);
    }

    private static void fields(JsonGenerator json, List<AnswerHead.Field> fields) throws IOException {
        for (AnswerHead.Field field : fields) {
            json.writeStringField(field.name().toString(), field.value().toString());
        }
    }
}
