package headgate.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two targets measured in turns: for each figure the ratios of the rounds, with their spread.
 *
 * <p>A round of which a run is void counts for nothing, and is told of.
 */
public final class Rounds {
    private final List<Figures> first = new ArrayList<>();
    private final List<Figures> second = new ArrayList<>();
    private int voids;

    /** The ratios of one figure over the rounds, in their order; median, least and most of them. */
    private record Spread(String name, List<Double> ratios) {
        double at(double share) {
            List<Double> sorted = ratios.stream().sorted().toList();
            double place = share * (sorted.size() - 1);
            double below = sorted.get((int) Math.floor(place));
            return below + (sorted.get((int) Math.ceil(place)) - below) * (place - Math.floor(place));
        }
    }

    /** Takes in a round: the same arrivals for both. */
    public void add(Figures a, Figures b) {
        if (a.isVoid() || b.isVoid()) {
            voids++;
        } else {
            first.add(a);
            second.add(b);
        }
    }

    /** Rounds that count. */
    public int count() {
        return first.size();
    }

    public String text() {
        StringBuilder text = new StringBuilder(Comparison.format(
                "%-24s %8s %8s %8s   %d rounds, %d void ones left out%n",
                "B/A", "median", "least", "most", count(), voids));
        for (Spread spread : spreads()) {
            text.append(Comparison.format(
                    "%-24s %8.2f %8.2f %8.2f%n", spread.name(), spread.at(0.5), spread.at(0), spread.at(1)));
        }
        Comparison.COMPARED.forEach((name, path) -> {
            long fresh = 0;
            for (int round = 0; round < count(); round++) {
                Figures a = first.get(round);
                Figures b = second.get(round);
                fresh += Comparison.haveBoth(a, b, path) && a.number(path) == 0 && b.number(path) > 0 ? 1 : 0;
            }
            if (fresh > 0) {
                text.append(Comparison.format("%-24s B alone has it in %d rounds%n", name, fresh));
            }
        });
        return text.toString();
    }

    /** All ratios with their spread, and what they were measured on. */
    public String json(String a, String b, String command) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("a", a);
            json.writeStringField("b", b);
            json.writeStringField("date", Instant.now().toString());
            json.writeStringField("command", command);
            Machine.write(json);
            json.writeNumberField("rounds", count());
            json.writeNumberField("void_rounds", voids);
            json.writeObjectFieldStart("ratios");
            for (Spread spread : spreads()) {
                json.writeObjectFieldStart(spread.name());
                json.writeNumberField("median", spread.at(0.5));
                json.writeNumberField("least", spread.at(0));
                json.writeNumberField("most", spread.at(1));
                json.writeArrayFieldStart("rounds");
                for (double ratio : spread.ratios()) {
                    json.writeNumber(ratio);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return text + "\n";
    }

    /** A page with the ratios of each figure over the rounds, and the table. */
    public String html(String a, String b) {
        StringBuilder page = new StringBuilder(HtmlReport.head("Two targets in turns"));
        page.append(Comparison.format("<p>A: %s<br/>B: %s</p>%n", Plot.escaped(a), Plot.escaped(b)));
        page.append("<main>\n");
        for (Spread spread : spreads()) {
            List<Double> rounds = new ArrayList<>();
            for (int round = 1; round <= spread.ratios().size(); round++) {
                rounds.add((double) round);
            }
            List<Double> ends = List.of(rounds.get(0), rounds.get(rounds.size() - 1));
            page.append(new Plot("B/A of " + spread.name(), "round")
                    .line("each round", 0, rounds, spread.ratios())
                    .line("median", 1, ends, List.of(spread.at(0.5), spread.at(0.5)))
                    .html());
        }
        return page.append("</main>\n<pre>")
                .append(Plot.escaped(text()))
                .append("</pre>\n</body></html>\n")
                .toString();
    }

    private List<Spread> spreads() {
        List<Spread> spreads = new ArrayList<>();
        for (Map.Entry<String, String> compared : Comparison.COMPARED.entrySet()) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < count(); round++) {
                Figures a = first.get(round);
                Figures b = second.get(round);
                String path = compared.getValue();
                if (Comparison.haveBoth(a, b, path) && a.number(path) > 0) {
                    ratios.add(b.number(path) / a.number(path));
                }
            }
            if (!ratios.isEmpty()) {
                spreads.add(new Spread(compared.getKey(), ratios));
            }
        }
        return spreads;
    }
}
