package headgate.filters.content.judge;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.Secret;
import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import headgate.filters.http.AnswerHead;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A service of the operator's own.
 *
 * <p>Asked {@code {"source":"prompt","categories":["hate"],"texts":[{"text":"…","document":false}]}}, it answers {@code
 * {"results":[{"hate":"safe","jailbreak":true}]}}: one object for each text, with a severity or a boolean for each category
 * that it is asked about. With a key, {@code x-headgate-signature} is the body's HMAC-SHA-256 in hexadecimal digits.
 */
final class WebhookDialect implements Dialect {
    private static final String HMAC = "HmacSHA256";
    private static final AsciiString SIGNATURE = AsciiString.cached("x-headgate-signature");
    private static final int TEXTS_MAX = 32;

    private final @Nullable SecretKeySpec key;

    WebhookDialect(@Nullable Secret key) {
        this.key = key == null ? null : new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), HMAC);
    }

    @Override
    public List<Operation> operations(Source source, Set<Category> categories) {
        return List.of(new Ask(source, categories));
    }

    @Override
    public List<AnswerHead.Field> fields(byte[] body) {
        if (key == null) {
            return List.of();
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return List.of(new AnswerHead.Field(SIGNATURE, HexFormat.of().formatHex(mac.doFinal(body))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private record Ask(Source source, Set<Category> categories) implements Operation {
        @Override
        public String path() {
            return "";
        }

        @Override
        public int textsMax() {
            return TEXTS_MAX;
        }

        @Override
        public String context() {
            return source.word();
        }

        @Override
        public boolean takes(Text text) {
            return true;
        }

        @Override
        public byte[] body(List<Text> texts) throws IOException {
            return ServiceJson.object(json -> {
                json.writeStringField("source", source.word().toLowerCase(Locale.ROOT));
                json.writeArrayFieldStart("categories");
                for (Category category : categories) {
                    json.writeString(category.field());
                }
                json.writeEndArray();
                json.writeArrayFieldStart("texts");
                for (Text text : texts) {
                    json.writeStartObject();
                    json.writeStringField("text", text.characters());
                    json.writeBooleanField("document", text.document());
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        }

        @Override
        public List<Verdict> read(byte[] answer, List<Text> texts) throws IOException {
            List<Verdict> verdicts = new ArrayList<>();
            for (Object item : ServiceJson.list(ServiceJson.read(answer), "results")) {
                if (!(item instanceof Map<?, ?> result)) {
                    throw new IOException("its answer has something else than objects in results");
                }
                verdicts.add(verdict(result));
            }
            return verdicts;
        }

        private Verdict verdict(Map<?, ?> result) throws IOException {
            Map<Category, Severity> severities = new EnumMap<>(Category.class);
            Set<Category> detected = EnumSet.noneOf(Category.class);
            for (Category category : categories) {
                Object found = result.get(category.field());
                if (found == null) {
                    throw new IOException("its answer does not tell of " + category.field());
                }
                if (category.severe()) {
                    severities.put(category, severity(category, found));
                } else if (ServiceJson.is(result, category.field())) {
                    detected.add(category);
                }
            }
            return new Verdict(severities, detected, categories);
        }

        private static Severity severity(Category category, Object found) throws IOException {
            for (Severity severity : Severity.values()) {
                if (severity.name().toLowerCase(Locale.ROOT).equals(found)) {
                    return severity;
                }
            }
            throw new IOException("its answer has no severity at " + category.field());
        }
    }
}
