package headgate.filters.content.completion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The events of a stream as a provider writes them, and what a caller reads in them. */
final class Chunks {
    static final String DONE = "data: [DONE]\n\n";
    private static final JsonFactory JSON = new JsonFactory();

    private Chunks() {}

    /** An event with some text, still escaped. */
    static String text(int choice, String raw) {
        return chunk(choice, "\"delta\":{\"content\":\"" + raw + "\"},\"finish_reason\":null");
    }

    static String finish(int choice, String reason) {
        return chunk(choice, "\"delta\":{},\"logprobs\":null,\"finish_reason\":\"" + reason + "\"");
    }

    static String chunk(int choice, String members) {
        return "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":"
                + choice + "," + members + "}]}\n\n";
    }

    static String usage() {
        return "data: {\"id\":\"c-1\",\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n";
    }

    /** What a caller has read of the texts of a choice. */
    static String read(String stream, int choice) {
        StringBuilder text = new StringBuilder();
        for (String data : data(stream)) {
            read(data, choice, text);
        }
        return text.toString();
    }

    /** The data of the events. */
    static List<String> data(String stream) {
        List<String> all = new ArrayList<>();
        for (String line : stream.split("\r\n|\r|\n", -1)) {
            if (line.startsWith("data:") && !line.contains("[DONE]")) {
                all.add(line.substring(5));
            }
        }
        return all;
    }

    /** Each choice's index stands in front of its texts, or is the only one. */
    private static void read(String data, int choice, StringBuilder text) {
        try (JsonParser json = JSON.createParser(data)) {
            int index = 0;
            String name = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = json.currentName();
                } else if (name.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                    index = json.getIntValue();
                } else if (token == JsonToken.VALUE_STRING
                        && index == choice
                        && List.of("content", "text", "arguments").contains(name)) {
                    text.append(json.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(data, e);
        }
    }
}
