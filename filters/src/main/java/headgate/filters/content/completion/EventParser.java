package headgate.filters.content.completion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * Finds in the JSON of an event what a model made, by the names that providers give it, and the places that may be edited.
 *
 * <p>Everything below {@code choices}, {@code output}, {@code item} and {@code part} is looked at, and of a response's events
 * what they bring themselves. What an answer repeats of its request is not.
 */
final class EventParser {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> TEXTS = Set.of(
            "content",
            "text",
            "delta",
            "arguments",
            "reasoning_content",
            "reasoning",
            "thinking",
            "refusal",
            "transcript",
            "name",
            "input",
            "code",
            "output",
            "summary");
    /** Base64, and what refers to it. */
    private static final Set<String> MEDIA = Set.of("data", "image_url", "b64_json", "result");

    private static final int PARTS = 4096;

    private final JsonParser json;
    private final AnswerEvent event;
    private final boolean stream;
    private final ChoicePlace own = new ChoicePlace(0);

    private EventParser(JsonParser json, AnswerEvent event, boolean stream) {
        this.json = json;
        this.event = event;
        this.stream = stream;
    }

    /**
     * Fills in an event's places.
     *
     * @param text the event's bytes with blanks for what is not JSON, so that all offsets are the event's
     * @param stream whether a text may go on in the next event
     * @throws IOException if it is not one JSON object in UTF-8
     */
    static void parse(AnswerEvent event, byte[] text, boolean stream) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            new EventParser(json, event, stream).root();
        }
    }

    private void root() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT || offset() < 0) {
            throw new JsonParseException(json, "no object in UTF-8");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            own.empty = false;
            member(name, json.nextToken());
        }
        own.end = offset();
        event.end = own.end;
        event.empty = own.empty;
        if (json.nextToken() != null) {
            throw new JsonParseException(json, "something behind the object");
        }
        if (event.type != null) {
            for (Piece piece : event.pieces) {
                if (piece.place == own && piece.running) {
                    piece.name = event.type;
                    piece.part = event.part;
                }
            }
        }
    }

    private void member(String name, JsonToken value) throws IOException {
        switch (name) {
            case "choices" -> choices();
            case "output", "item", "part" -> texts(own, name, false);
            case "response" -> response();
            case "delta", "text", "arguments", "refusal", "code", "input" -> {
                if (value == JsonToken.VALUE_STRING) {
                    piece(own, name, stream && name.equals("delta"));
                }
                json.skipChildren();
            }
            case "type" -> event.type = json.getValueAsString();
            case "id" -> event.id = json.getValueAsString();
            case "object" -> event.object = json.getValueAsString();
            case "model" -> event.model = json.getValueAsString();
            case "created" -> event.created = json.getValueAsLong();
            case "output_index", "content_index", "summary_index" ->
                event.part = event.part * PARTS + json.getValueAsLong();
            case "sequence_number" -> event.sequence = json.getValueAsLong();
            case "prompt_filter_results" -> event.promptResults = span();
            case "status" -> event.status = span();
            case "incomplete_details" -> event.incompleteDetails = span();
            default -> json.skipChildren();
        }
    }

    private void response() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            switch (name) {
                case "output" -> texts(own, name, false);
                case "id" -> event.id = json.getValueAsString();
                case "model" -> event.model = json.getValueAsString();
                case "created_at" -> event.created = json.getValueAsLong();
                default -> json.skipChildren();
            }
        }
    }

    private void choices() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                choice(new ChoicePlace(i));
            }
        }
    }

    private void choice(ChoicePlace place) throws IOException {
        event.choices.add(place);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            place.empty = false;
            JsonToken value = json.nextToken();
            switch (name) {
                case "index" -> place.index = json.getValueAsInt(place.index);
                case "finish_reason" -> {
                    place.finished = value != JsonToken.VALUE_NULL;
                    place.finishReason = span();
                }
                case "content_filter_results" -> place.filterResults = span();
                case "logprobs" -> place.logprobs.add(span());
                default -> texts(place, name, stream && !name.equals("message"));
            }
        }
        place.end = offset();
    }

    /** What the current value has of texts. */
    private void texts(ChoicePlace place, String name, boolean running) throws IOException {
        switch (json.currentToken()) {
            case VALUE_STRING -> {
                if (TEXTS.contains(name)) {
                    piece(place, name, running);
                } else if (MEDIA.contains(name)) {
                    place.media = true;
                }
            }
            case START_OBJECT -> object(place, running, 0);
            case START_ARRAY -> {
                for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                    int first = event.pieces.size();
                    long index = i;
                    if (json.currentToken() == JsonToken.START_OBJECT) {
                        index = object(place, running, i);
                    } else {
                        texts(place, name, running);
                    }
                    for (Piece piece : event.pieces.subList(first, event.pieces.size())) {
                        piece.part = piece.part * PARTS + index + 1;
                    }
                }
            }
            default -> {}
        }
    }

    /** Reads an object; the index it says it has in its array, or else the one it was given. */
    private long object(ChoicePlace place, boolean running, long position) throws IOException {
        long index = position;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (name.equals("logprobs")) {
                place.logprobs.add(span());
            } else if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = json.getValueAsLong();
            } else {
                texts(place, name, running);
            }
        }
        return index;
    }

    private void piece(ChoicePlace place, String name, boolean running) throws IOException {
        Span span = span();
        event.pieces.add(new Piece(place, name, span.from() + 1, span.to() - 1, running));
    }

    /** Where the current value stands; it is read to its end. */
    private Span span() throws IOException {
        int from = offset();
        json.skipChildren();
        json.finishToken();
        return new Span(from, (int) json.currentLocation().getByteOffset());
    }

    private int offset() {
        return (int) json.currentTokenLocation().getByteOffset();
    }
}
