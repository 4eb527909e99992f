package headgate.filters.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The JSON body of an error, as the callers of each surface match on it (CONTRACT.md, section 4). */
public final class ErrorReply {
    private static final JsonFactory JSON = new JsonFactory();

    private ErrorReply() {}

    /** The body that tells this error on this surface. */
    public static byte[] body(ProxyError error, Surface surface) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (error.kind() == ProxyError.Kind.INVALID_TOKEN) {
                json.writeNumberField("statusCode", error.status());
                json.writeStringField("message", error.getMessage());
            }
            json.writeObjectFieldStart("error");
            json.writeStringField("code", error.kind().code());
            json.writeStringField("message", error.getMessage());
            if (surface != Surface.MODELS || error.filterResults() != null) {
                json.writeStringField("type", error.kind().type());
            }
            if (error.filterResults() != null) {
                json.writeStringField("param", "prompt");
                json.writeNumberField("status", error.status());
                json.writeObjectFieldStart("innererror");
                json.writeStringField("code", "ResponsibleAIPolicyViolation");
                json.writeFieldName("content_filter_result");
                json.writeRawValue(error.filterResults());
                json.writeEndObject();
            }
            if (error.kind() == ProxyError.Kind.NO_MODEL_NAME || error.kind() == ProxyError.Kind.UNKNOWN_MODEL) {
                json.writeStringField("details", error.getMessage());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
