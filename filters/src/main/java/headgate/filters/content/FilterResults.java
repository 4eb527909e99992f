package headgate.filters.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Action;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.api.ProxyError;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code content_filter_results} of a prompt or of a choice: what was judged, and what came of it (CONTRACT.md, section 5).
 *
 * <p>Only what was really judged is told. Belongs to one exchange.
 */
public final class FilterResults {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String REFUSED = "The response was filtered due to the prompt triggering the gateway's content"
            + " management policy. Please modify your prompt and retry.";

    private record Judged(Severity severity, boolean detected, boolean filtered) {}

    private final ContentFilterConfig policy;
    private final Source source;
    private final Map<Category, Judged> categories = new EnumMap<>(Category.class);
    private final Map<String, Boolean> lists = new LinkedHashMap<>();
    private final Map<String, Boolean> patterns = new LinkedHashMap<>();
    private boolean blocked;
    private boolean unavailable;
    private boolean media;

    /** Nothing is judged yet. */
    public FilterResults(ContentFilterConfig policy, Source source) {
        this.policy = policy;
        this.source = source;
    }

    /** A rule was found in the text. */
    public void found(TextRule rule) {
        boolean blocks = rule.action() == Action.BLOCK;
        (rule.kind() == TextRule.Kind.BLOCKLIST ? lists : patterns).merge(rule.name(), blocks, Boolean::logicalOr);
        blocked |= blocks;
    }

    /**
     * A judge has decided; what it found beyond the policy's categories of this source does not count.
     *
     * @return whether the policy refuses a text with this verdict
     */
    public boolean judged(Verdict verdict) {
        boolean refused = false;
        for (Filter filter : policy.filters()) {
            Category category = filter.category();
            if (filter.source() == source && verdict.judged().contains(category)) {
                Severity severity = verdict.severities().getOrDefault(category, Severity.SAFE);
                boolean detected = verdict.detected().contains(category);
                boolean found = filter.threshold() == null ? detected : severity.compareTo(filter.threshold()) >= 0;
                Judged before = categories.get(category);
                if (before == null || severity.compareTo(before.severity) > 0 || detected) {
                    categories.put(category, new Judged(severity, detected, found && filter.blocking()));
                }
                refused |= found && filter.blocking();
            }
        }
        blocked |= refused;
        return refused;
    }

    /** A judge could not be asked. */
    public void unavailable() {
        unavailable = true;
    }

    /** There are images, audio or files, which nobody judges. */
    public void media() {
        media = true;
    }

    /** Whether the policy refuses the text. */
    public boolean blocked() {
        return blocked;
    }

    /** Whether a judge could not be asked. */
    public boolean isUnavailable() {
        return unavailable;
    }

    /** What the caller of a refused prompt is told. */
    public ProxyError refusal() {
        return ProxyError.filtered(REFUSED, toJson());
    }

    /** The object as JSON. */
    public String toJson() {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** Whether there is anything to tell. */
    public boolean isEmpty() {
        return categories.isEmpty() && lists.isEmpty() && patterns.isEmpty() && !unavailable && !media;
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<Category, Judged> entry : categories.entrySet()) {
            Judged judged = entry.getValue();
            json.writeObjectFieldStart(entry.getKey().field());
            json.writeBooleanField("filtered", judged.filtered);
            if (entry.getKey().severe()) {
                json.writeStringField("severity", judged.severity.name().toLowerCase(Locale.ROOT));
            } else {
                json.writeBooleanField("detected", judged.detected);
            }
            json.writeEndObject();
        }
        if (!lists.isEmpty()) {
            json.writeObjectFieldStart("custom_blocklists");
            json.writeBooleanField("filtered", lists.containsValue(true));
            json.writeArrayFieldStart("details");
            for (Map.Entry<String, Boolean> list : lists.entrySet()) {
                json.writeStartObject();
                json.writeBooleanField("filtered", list.getValue());
                json.writeStringField("id", list.getKey());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        if (!patterns.isEmpty()) {
            json.writeObjectFieldStart("personally_identifiable_information");
            json.writeBooleanField("filtered", patterns.containsValue(true));
            json.writeBooleanField("detected", true);
            json.writeArrayFieldStart("sub_categories");
            for (Map.Entry<String, Boolean> pattern : patterns.entrySet()) {
                json.writeStartObject();
                json.writeStringField("sub_category", pattern.getKey());
                json.writeBooleanField("filtered", pattern.getValue());
                json.writeBooleanField("detected", true);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        if (media) {
            json.writeObjectFieldStart("unjudged_media");
            json.writeBooleanField("filtered", false);
            json.writeBooleanField("detected", true);
            json.writeEndObject();
        }
        if (unavailable) {
            json.writeObjectFieldStart("error");
            json.writeStringField("code", "content_filter_error");
            json.writeStringField("message", "The contents are not filtered");
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
