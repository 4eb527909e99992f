package headgate.filters.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import headgate.filters.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the readers under test must find, found slowly in a whole text with a real JSON parser. */
final class UsageText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern EVENT = Pattern.compile(".*?(?:\n\n|\r\n\r\n|\r\r)", Pattern.DOTALL);

    private @Nullable Usage last;
    private boolean emptyChoices;
    private boolean found;

    private UsageText() {}

    /** The last usage with a count in it, anywhere in these documents. */
    static @Nullable Usage lastIn(String documents) {
        UsageText text = new UsageText();
        text.read(documents);
        return text.last;
    }

    /** The stream without the events that have a usage and empty choices. */
    static String cut(String stream) {
        StringBuilder rest = new StringBuilder();
        for (String event : events(stream)) {
            UsageText text = new UsageText();
            text.read(payload(event));
            if (!(text.found && text.emptyChoices)) {
                rest.append(event);
            }
        }
        return rest.toString();
    }

    /** The last usage in a stream. */
    static @Nullable Usage lastInStream(String stream) {
        UsageText text = new UsageText();
        for (String event : events(stream)) {
            text.read(payload(event));
        }
        return text.last;
    }

    private static List<String> events(String stream) {
        List<String> events = new ArrayList<>();
        Matcher matcher = EVENT.matcher(stream);
        int end = 0;
        while (matcher.find()) {
            events.add(matcher.group());
            end = matcher.end();
        }
        if (end < stream.length()) {
            events.add(stream.substring(end));
        }
        return events;
    }

    private static String payload(String event) {
        int data = event.indexOf("data: {");
        return data < 0 ? "" : event.substring(data + 6);
    }

    private void read(String documents) {
        try (JsonParser parser = JSON.createParser(documents)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("choices")) {
                    emptyChoices =
                            parser.nextToken() == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.END_ARRAY;
                } else if (token == JsonToken.FIELD_NAME
                        && parser.currentName().equals("usage")
                        && parser.nextToken() == JsonToken.START_OBJECT) {
                    found = true;
                    usage(parser);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(documents, e);
        }
    }

    private void usage(JsonParser parser) throws IOException {
        long[] counts = {-1, -1, -1, -1};
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_NUMBER_INT && parser.currentName() != null) {
                int place = place(parser.currentName(), depth);
                if (place >= 0
                        && parser.getLongValue() >= 0
                        && parser.getParsingContext().inObject()) {
                    counts[place] = parser.getLongValue();
                }
            }
        }
        if (counts[0] + counts[1] + counts[2] + counts[3] > -4) {
            last = new Usage(counts[0], counts[1], counts[2], counts[3]);
        }
    }

    private static int place(String name, int depth) {
        return switch (name) {
            case "prompt_tokens", "input_tokens" -> depth == 1 ? 0 : -1;
            case "completion_tokens", "output_tokens" -> depth == 1 ? 1 : -1;
            case "cached_tokens" -> depth <= 2 ? 2 : -1;
            case "reasoning_tokens" -> depth <= 2 ? 3 : -1;
            default -> -1;
        };
    }
}
