package headgate.filters.content.completion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * Finds in the JSON of an event what a model made, and the places that may be edited.
 *
 * <p>Every string below {@code choices}, {@code output}, {@code item} and {@code part} is a text, and of a response's events every
 * one that they bring themselves, unless its name is known to be that of a label. Below arguments everything is a text, names
 * too. What an answer repeats of its request is not looked at.
 */
final class EventParser {
    private static final JsonFactory JSON = new JsonFactory();

    /** Their strings are said by programs, in words that providers list, or are random. */
    private static final Set<String> LABELS = Set.of(
            "type",
            "id",
            "role",
            "status",
            "object",
            "model",
            "format",
            "detail",
            "signature",
            "encrypted_content",
            "obfuscation",
            "native_finish_reason",
            "stop_reason",
            "service_tier");

    private static final String LABEL_END = "_id";

    /** Base64, and what refers to it. */
    private static final Set<String> MEDIA =
            Set.of("data", "file_data", "image_url", "b64_json", "partial_image_b64", "result");

    /** What a model makes up itself, with its members' names. */
    private static final Set<String> FREE = Set.of("arguments", "input", "parameters");

    private static final int PARTS = 4096;

    private final JsonParser json;
    private final AnswerEvent event;
    private final byte[] text;
    private final boolean stream;
    private final boolean response;
    private final ChoicePlace own;

    private EventParser(JsonParser json, AnswerEvent event, byte[] text, boolean stream, boolean response) {
        this.json = json;
        this.event = event;
        this.text = text;
        this.stream = stream;
        this.response = response;
        this.own = event.own;
    }

    /**
     * Fills in an event's places.
     *
     * @param text the event's bytes with blanks for what is not JSON, so that all offsets are the event's
     * @param stream whether a text may go on in the next event
     * @param response whether events have types, and texts beside choices
     * @throws IOException if it is not one JSON object in UTF-8
     */
    static void parse(AnswerEvent event, byte[] text, boolean stream, boolean response) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            new EventParser(json, event, text, stream, response).root();
        }
    }

    private void root() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT || offset() < 0) {
            throw new JsonParseException(json, "no object in UTF-8");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            own.empty = false;
            json.nextToken();
            member(name);
        }
        own.end = offset();
        event.json = true;
        if (json.nextToken() != null) {
            throw new JsonParseException(json, "something behind the object");
        }
        for (Piece piece : event.pieces) {
            if (piece.place == own && piece.running) {
                piece.name = String.valueOf(event.type);
                piece.part = event.part;
            }
        }
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "choices" -> choices();
            case "output", "output_text", "item", "part" -> texts(own, name, false, false);
            case "response" -> response();
            case "logprobs" -> own.logprobs.add(span());
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
            default -> {
                if (stream && response) {
                    texts(own, name, name.equals("delta"), FREE.contains(name));
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void response() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            switch (name) {
                case "output", "output_text" -> texts(own, name, false, false);
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
                    place.finished = value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
                    place.finishReason = span();
                }
                case "content_filter_results" -> place.filterResults = span();
                case "logprobs" -> place.logprobs.add(span());
                default -> texts(place, name, stream && !name.equals("message"), false);
            }
        }
        place.end = offset();
    }

    /** What the current value has of texts; where a model is free to say what it likes, all of it is. */
    private void texts(ChoicePlace place, String name, boolean running, boolean free) throws IOException {
        switch (json.currentToken()) {
            case VALUE_STRING -> {
                if (!free && MEDIA.contains(name)) {
                    place.media = true;
                } else if (free || !(LABELS.contains(name) || name.endsWith(LABEL_END))) {
                    piece(place, name, span(), running);
                }
            }
            case START_OBJECT -> object(place, running, free, 0);
            case START_ARRAY -> {
                for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                    int first = event.pieces.size();
                    long index = i;
                    if (json.currentToken() == JsonToken.START_OBJECT) {
                        index = object(place, running, free, i);
                    } else {
                        texts(place, name, running, free);
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
    private long object(ChoicePlace place, boolean running, boolean free, long position) throws IOException {
        long index = position;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (free) {
                piece(place, name, nameSpan(), false);
            }
            JsonToken value = json.nextToken();
            if (free) {
                texts(place, name, running, true);
            } else if (name.equals("logprobs")) {
                place.logprobs.add(span());
            } else if (name.startsWith("content_filter_")) {
                json.skipChildren();
            } else if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = json.getValueAsLong();
            } else {
                texts(place, name, running, FREE.contains(name));
            }
        }
        return index;
    }

    private void piece(ChoicePlace place, String name, Span span, boolean running) {
        event.pieces.add(new Piece(place, name, span.from() + 1, span.to() - 1, running));
    }

    /** Where the current member's name stands. */
    private Span nameSpan() {
        int from = offset();
        int to = from + 1;
        while (text[to] != '"') {
            to += text[to] == '\\' ? 2 : 1;
        }
        return new Span(from, to + 1);
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
