package headgate.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A report's values, each by its path such as {@code /latency/total/p99} or {@code /timeline/3/cpu}.
 *
 * @param values as JSON wrote them, strings without quotes
 */
public record Figures(Map<String, String> values) {
    /**
     * Reads a JSON report.
     *
     * @throws IOException if it is not JSON
     */
    public static Figures read(String json) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token; (token = parser.nextToken()) != null; ) {
                if (token.isScalarValue()) {
                    values.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return new Figures(values);
    }

    public String text(String path) {
        return values.getOrDefault(path, "");
    }

    /** The number at this path; 0 if there is none. */
    public double number(String path) {
        String value = values.get(path);
        return value == null ? 0 : Double.parseDouble(value);
    }

    public boolean has(String path) {
        return values.containsKey(path);
    }

    /** The numbers at this path for each index in the star's place, as long as there are any. */
    public List<Double> column(String path) {
        return column(path, path);
    }

    /** As many numbers as there are at the first path, of the second one; not a number where there is none. */
    public List<Double> column(String rows, String path) {
        List<Double> column = new ArrayList<>();
        while (has(rows.replace("*", Integer.toString(column.size())))) {
            String at = path.replace("*", Integer.toString(column.size()));
            column.add(has(at) ? number(at) : Double.NaN);
        }
        return column;
    }

    public boolean isVoid() {
        return values.containsKey("/void/0");
    }
}
