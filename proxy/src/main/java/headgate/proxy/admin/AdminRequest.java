package headgate.proxy.admin;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a page is asked.
 *
 * @param uri path and query, as they came
 * @param fields of the head
 * @param body complete, as UTF-8; empty where there is none
 */
public record AdminRequest(String uri, HttpHeaders fields, String body) {
    /** Whether the query can be read; if not, {@link #parameter} throws. */
    boolean isSound() {
        try {
            new QueryStringDecoder(uri).parameters();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The path, as it came. */
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** A parameter of the query, its first value; null when it is not there. */
    public @Nullable String parameter(String name) {
        List<String> values = new QueryStringDecoder(uri).parameters().get(name);
        return values == null ? null : values.get(0);
    }

    /** A field of the head, its first value; empty when it is not there. */
    public String field(CharSequence name) {
        return fields.get(name, "");
    }
}
