package headgate.proxy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The limits that an admin listener tells as JSON, as a table for people. */
final class QuotaTable {
    private static final JsonFactory FACTORY = new JsonFactory();
    /** Stands where all deployments, or all callers, count. */
    private static final String ALL = "*";
    /** What stands above a column, beside what it is called in JSON. */
    private static final String[][] COLUMNS = {
        {"deployment", "DEPLOYMENT"},
        {"principal", "PRINCIPAL"},
        {"unit", "UNIT"},
        {"limit", "LIMIT"},
        {"used", "USED"},
        {"reserved", "RESERVED"},
        {"leased", "LEASED"},
        {"left", "LEFT"},
        {"freeSeconds", "FREE IN"}
    };

    private static final int TEXT_COLUMNS = 3;

    private QuotaTable() {}

    /**
     * The table; its last line has no end.
     *
     * @throws JsonParseException if it is something else
     */
    static String of(String json) throws IOException {
        List<String[]> rows = new ArrayList<>();
        String[] head = new String[COLUMNS.length];
        for (int i = 0; i < head.length; i++) {
            head[i] = COLUMNS[i][1];
        }
        rows.add(head);
        try (JsonParser parser = FACTORY.createParser(json)) {
            expect(parser, JsonToken.START_OBJECT);
            expect(parser, JsonToken.FIELD_NAME);
            expect(parser, JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                rows.add(row(parser));
            }
        }
        return rows.size() == 1 ? "No limit is in use." : aligned(rows);
    }

    private static String[] row(JsonParser parser) throws IOException {
        Map<String, String> values = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            values.put(name, parser.getText());
        }
        String[] row = new String[COLUMNS.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = values.getOrDefault(COLUMNS[i][0], ALL);
        }
        row[row.length - 1] = time(row[row.length - 1]);
        return row;
    }

    private static String time(String seconds) {
        long whole = (long) Math.ceil(Double.parseDouble(seconds));
        if (whole <= 120) {
            return whole + " s";
        }
        return whole <= 7200 ? (whole + 59) / 60 + " min" : (whole + 3599) / 3600 + " h";
    }

    /** Text begins, and numbers end, where their column does. */
    private static String aligned(List<String[]> rows) {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                int width = width(rows, i);
                String padding = " ".repeat(width - row[i].length());
                text.append(i == 0 ? "" : "  ").append(i < TEXT_COLUMNS ? row[i] + padding : padding + row[i]);
            }
            text.append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static int width(List<String[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }

    private static void expect(JsonParser parser, JsonToken token) throws IOException {
        if (parser.nextToken() != token) {
            throw new JsonParseException(parser, "expected what limits stand at");
        }
    }
}
