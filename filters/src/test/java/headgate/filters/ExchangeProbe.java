package headgate.filters;

import headgate.filters.api.OperationTable;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The owner of one exchange that remembers what it is told.
 *
 * <p>As the real owner does, it tells the pipeline that the exchange is over as soon as it fails.
 */
public final class ExchangeProbe implements Exchange.Owner {
    private final EmbeddedChannel channel;
    private final List<ProxyError> errors = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    private ExchangeProbe(EmbeddedChannel channel) {
        this.channel = channel;
    }

    /** An owner for the exchanges of a pipeline. */
    public static ExchangeProbe on(EmbeddedChannel channel) {
        return new ExchangeProbe(channel);
    }

    /** An exchange whose operation is known. */
    public Exchange exchange(String methodAndTarget, String... fields) {
        RequestHead head = head(methodAndTarget, fields);
        Exchange exchange =
                new Exchange(head, "id", 1, this, new Downstream(new ReadControl(channel), channel.remoteAddress()));
        try {
            exchange.operation(OperationTable.require(head));
        } catch (ProxyError e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return exchange;
    }

    /** A head that the strict parser takes. */
    public static RequestHead head(String methodAndTarget, String... fields) {
        String lines = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        String text = methodAndTarget + " HTTP/1.1\r\nhost: gateway\r\n" + lines + "\r\n";
        try {
            return RequestHead.parse(text.getBytes(StandardCharsets.ISO_8859_1), 100);
        } catch (FramingException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** Ends the exchange, as an answer or a caller that leaves does. */
    public void end() {
        channel.pipeline().fireUserEventTriggered(ExchangeEnd.INSTANCE);
    }

    /** The errors that exchanges ended with. */
    public List<ProxyError> errors() {
        return errors;
    }

    /** The bodies of the answers that were given without an upstream. */
    public List<String> answers() {
        return answers;
    }

    @Override
    public void fail(Exchange exchange, ProxyError error) {
        errors.add(error);
        end();
    }

    @Override
    public void answer(Exchange exchange, int status, List<AnswerHead.Field> fields, byte[] body) {
        answers.add(new String(body, StandardCharsets.UTF_8));
        end();
    }
}
