package headgate.filters.fetch;

import headgate.filters.http.AnswerHead;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is fetched.
 *
 * @param url http or https
 * @param fields header fields beside {@code host}, {@code connection} and the length
 * @param deadline for all of it, from now on
 * @param answerBytesMax how large the answer's body may be; above, fetching fails
 * @param tls how to speak TLS; null for plain HTTP
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FetchRequest(
        String method,
        URI url,
        List<AnswerHead.Field> fields,
        byte[] body,
        Duration deadline,
        int answerBytesMax,
        @Nullable SslContext tls) {}
