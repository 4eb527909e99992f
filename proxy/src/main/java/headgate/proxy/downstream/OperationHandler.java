package headgate.proxy.downstream;

import headgate.filters.Exchange;
import headgate.filters.GateHandler;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.OperationTable;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.RequestHead;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * The gate that asks what is wanted: an unknown path or a wrong method costs nothing more.
 *
 * <p>Stands first behind the exchange. {@code OPTIONS} is answered here, before anybody is asked who calls.
 */
final class OperationHandler extends GateHandler {
    private static final AsciiString ALLOW = AsciiString.cached("allow");

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        RequestHead head = exchange.head();
        if (head.method().equals("OPTIONS")) {
            options(exchange);
        } else {
            exchange.operation(OperationTable.require(head));
        }
    }

    private static void options(Exchange exchange) throws ProxyError {
        String path = exchange.head().path();
        OperationMatch match = OperationTable.find(path);
        if (match == null && !path.equals("*")) {
            throw ProxyError.of(ProxyError.Kind.NOT_FOUND, "Resource not found");
        }
        String allow =
                match == null ? "GET, HEAD, POST, OPTIONS" : match.operation().allow();
        exchange.answer(204, List.of(new AnswerHead.Field(ALLOW, allow)), new byte[0]);
    }
}
