package headgate.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import headgate.filters.quota.QuotaStanding;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What every limit in use stands at, as JSON; for people and programs, not exact while exchanges go on. */
public final class QuotaPage {
    private QuotaPage() {}

    /**
     * {@code {"limits": [...]}}; a key is absent where all deployments, or all callers, count.
     *
     * @param request its parameters {@code deployment} and {@code principal} ask for these only
     */
    public static AdminAnswer of(AdminRequest request, List<QuotaStanding> standings) {
        String deployment = request.parameter("deployment");
        String principal = request.parameter("principal");
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("limits");
            for (QuotaStanding standing : standings) {
                if ((deployment == null || deployment.equalsIgnoreCase(standing.deployment()))
                        && (principal == null || principal.equals(standing.principal()))) {
                    json.writeStartObject();
                    write(json, standing);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Writes the members of one limit into the object that is open. */
    public static void write(JsonGenerator json, QuotaStanding standing) throws IOException {
        if (!standing.deployment().isEmpty()) {
            json.writeStringField("deployment", standing.deployment());
        }
        if (!standing.principal().isEmpty()) {
            json.writeStringField("principal", standing.principal());
        }
        json.writeStringField("unit", standing.unit().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("limit", standing.limit());
        json.writeNumberField("used", standing.used());
        json.writeNumberField("reserved", standing.reserved());
        json.writeNumberField("leased", standing.leased());
        json.writeNumberField("left", Math.max(0, standing.limit() - standing.used()));
        json.writeNumberField("freeSeconds", standing.freeNanos() / 1e9);
        json.writeNumberField("refused", standing.refused());
    }
}
