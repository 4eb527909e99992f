package headgate.filters.content.completion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.filters.api.Operation;
import headgate.filters.content.FilterResults;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The events that the gateway puts into a stream itself, in the words of the stream at hand (CONTRACT.md, section 5). */
final class Frames {
    static final String REASON = "\"content_filter\"";
    static final String INCOMPLETE = "{\"reason\":\"content_filter\"}";
    private static final JsonFactory JSON = new JsonFactory();

    private final Operation operation;
    private @Nullable String id;
    private @Nullable String object;
    private @Nullable String model;
    private long created;
    private long sequence;

    Frames(Operation operation) {
        this.operation = operation;
    }

    /** Takes the stream's words from its first event that has them. */
    void learn(AnswerEvent event) {
        sequence = Math.max(sequence, event.sequence);
        if (id == null && event.id != null) {
            id = event.id;
            object = event.object;
            model = event.model;
            created = event.created;
        }
    }

    /** What was found in the prompt, as Azure tells it in front of everything else. */
    static String prompt(FilterResults prompt) {
        return event(json -> {
            nobody(json);
            json.writeArrayFieldStart("choices");
            json.writeEndArray();
            json.writeFieldName("prompt_filter_results");
            json.writeRawValue(promptResults(prompt));
        });
    }

    /** The value of {@code prompt_filter_results}. */
    static String promptResults(FilterResults prompt) {
        return "[{\"prompt_index\":0,\"content_filter_results\":" + prompt.toJson() + "}]";
    }

    /** Tells what came of the characters between two offsets, which went on before. */
    static String verdict(Choice choice, long from, long to) {
        return event(json -> {
            nobody(json);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", choice.index);
            json.writeNullField("finish_reason");
            json.writeFieldName("content_filter_results");
            json.writeRawValue(choice.results.toJson());
            json.writeObjectFieldStart("content_filter_offsets");
            json.writeNumberField("check_offset", from);
            json.writeNumberField("start_offset", from);
            json.writeNumberField("end_offset", to);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    /** Ends a choice. */
    String closing(Choice choice, boolean tellsResults) {
        if (operation == Operation.RESPONSES) {
            return "event: response.incomplete\n" + event(this::incomplete);
        }
        return event(json -> {
            json.writeStringField("id", id == null ? "" : id);
            json.writeStringField("object", object == null ? "" : object);
            json.writeNumberField("created", created);
            json.writeStringField("model", model == null ? "" : model);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", choice.index);
            if (operation == Operation.COMPLETIONS) {
                json.writeStringField("text", "");
            } else {
                json.writeObjectFieldStart("delta");
                json.writeEndObject();
            }
            json.writeFieldName("finish_reason");
            json.writeRawValue(REASON);
            if (tellsResults) {
                json.writeFieldName("content_filter_results");
                json.writeRawValue(choice.results.toJson());
            }
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private void incomplete(JsonGenerator json) throws IOException {
        json.writeStringField("type", "response.incomplete");
        json.writeNumberField("sequence_number", sequence + 1);
        json.writeObjectFieldStart("response");
        json.writeStringField("id", id == null ? "" : id);
        json.writeStringField("object", "response");
        json.writeNumberField("created_at", created);
        json.writeStringField("status", "incomplete");
        json.writeFieldName("incomplete_details");
        json.writeRawValue(INCOMPLETE);
        json.writeStringField("model", model == null ? "" : model);
        json.writeArrayFieldStart("output");
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void nobody(JsonGenerator json) throws IOException {
        json.writeStringField("id", "");
        json.writeStringField("object", "");
        json.writeNumberField("created", 0);
        json.writeStringField("model", "");
    }

    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private static String event(Members members) {
        StringWriter out = new StringWriter(256);
        out.write("data: ");
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.append("\n\n").toString();
    }
}
