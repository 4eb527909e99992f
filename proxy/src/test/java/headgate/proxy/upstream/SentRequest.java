package headgate.proxy.upstream;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.filters.Downstream;
import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.HeldBytes;
import headgate.filters.ReadControl;
import headgate.filters.api.OperationTable;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.BodyReader;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import headgate.proxy.routing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One request with its body as an upstream gets it: sent whole, or as its parts come.
 *
 * @param body what the upstream reads, without framing
 * @param asksUsage whether the gateway will take a usage event out of the answer
 */
record SentRequest(String head, String body, boolean asksUsage) {
    private static final GatewayConfig CONFIG = config();
    private static final Gateway GATEWAY = gateway();

    /** Everything that decides what is changed in a body. */
    record Way(String path, String deployment, boolean drops) {}

    /** Sends a body that is held. */
    static SentRequest whole(Way way, String body, int... splits) {
        return send(way, body, splits, false);
    }

    /** Sends a body part by part, the last byte only when all is known. */
    static SentRequest streamed(Way way, String body, int... splits) {
        return send(way, body, splits, true);
    }

    private static SentRequest send(Way way, String body, int[] splits, boolean streams) {
        EmbeddedChannel channel = new EmbeddedChannel();
        HeldBytes bound = new HeldBytes(CONFIG.limits());
        HeldBody held = new HeldBody(bound);
        try {
            Exchange exchange = exchange(way, channel);
            JsonScanner scan = new JsonScanner(64, 1000);
            exchange.scan(scan);
            var endpoint = GATEWAY.routes()
                    .of(exchange.requireDeployment())
                    .endpoints()
                    .get(0);
            RequestSender sender = new RequestSender(exchange, endpoint, new byte[0], held, new Http1Writer(channel));
            if (streams) {
                sender.sendHeadOfStream();
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            int from = 0;
            for (int i = 0; i <= splits.length; i++) {
                int to = i < splits.length ? splits[i] : bytes.length;
                ByteBuf part = channel.alloc().buffer(to - from + 1).writeBytes(bytes, from, to - from);
                from = to;
                scan.feed(part);
                held.add(part);
                if (streams) {
                    pump(sender, held, false);
                }
            }
            scan.end();
            if (streams) {
                pump(sender, held, true);
            } else {
                sender.sendWhole();
            }
            return received(channel, exchange.asksUsage());
        } catch (ProxyError | JsonException | FramingException e) {
            throw new AssertionError(e.getMessage() + " in " + body, e);
        } finally {
            held.release();
            channel.finishAndReleaseAll();
        }
    }

    private static void pump(RequestSender sender, HeldBody held, boolean complete) {
        long before = -1;
        while (before != held.size()) {
            before = held.size();
            sender.pump(complete);
        }
    }

    private static SentRequest received(EmbeddedChannel channel, boolean asksUsage) throws FramingException {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        try {
            String text = all.toString(StandardCharsets.ISO_8859_1);
            int headBytes = text.indexOf("\r\n\r\n") + 4;
            all.skipBytes(headBytes);
            BodyReader reader = new BodyReader();
            RequestHead head =
                    RequestHead.parse(text.substring(0, headBytes).getBytes(StandardCharsets.ISO_8859_1), 100);
            if (head.chunked()) {
                reader.beginChunked();
            } else {
                reader.beginLength(head.contentLength());
            }
            reader.read(all);
            if (!reader.done() || all.isReadable()) {
                throw new AssertionError("the body's framing is wrong: " + text);
            }
            return new SentRequest(
                    text.substring(0, headBytes),
                    all.toString(reader.payloadStart(), reader.payloadLength(), StandardCharsets.UTF_8),
                    asksUsage);
        } finally {
            all.release();
        }
    }

    private static Exchange exchange(Way way, EmbeddedChannel channel) throws FramingException, ProxyError {
        byte[] bytes =
                ("POST " + way.path() + " HTTP/1.1\r\nhost: gateway\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead head = RequestHead.parse(bytes, 100);
        Exchange exchange = new Exchange(
                head, "id", 1, new NobodyFails(), new Downstream(new ReadControl(channel), channel.remoteAddress()));
        exchange.operation(OperationTable.require(head));
        exchange.deployment(GATEWAY.deployments().all().stream()
                .filter(deployment -> deployment.name().equals(way.deployment()))
                .findFirst()
                .orElseThrow());
        exchange.dropsExtraParameters(way.drops());
        return exchange;
    }

    private static GatewayConfig config() {
        try {
            return ConfigLoader.load("""
                    listen: 127.0.0.1:0
                    keys: { caller: a-key-of-the-caller }
                    deployments:
                      openai: { upstreams: [{ url: "http://127.0.0.1:1/v1", model: 'up"stream', key: provider-secret }] }
                      azure: { upstreams: [{ url: "http://127.0.0.1:1/openai", api: azure, model: upstream, key: provider-secret }] }
                    """, Path.of("test.yaml").toAbsolutePath(), Map.of());
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static Gateway gateway() {
        try {
            return Gateway.of(CONFIG, new FailedAttempts(1), null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class NobodyFails implements Exchange.Owner {
        @Override
        public void fail(Exchange exchange, ProxyError error) {
            throw new AssertionError(error.getMessage(), error);
        }

        @Override
        public void answer(Exchange exchange, int status, List<AnswerHead.Field> fields, byte[] body) {
            throw new AssertionError("nothing here answers");
        }
    }
}
