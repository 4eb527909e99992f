package headgate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.filters.api.ProxyError;
import headgate.filters.identity.FailedAttempts;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.Gateway;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a host name becomes a connection, with a resolver that says what the test wants. */
class UpstreamConnectorTest {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();

    @AfterEach
    void endTheLoop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void theAddressesOfAHostAreTriedInTurn() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> connected =
                    connect("http://api.example.test:" + listener.getLocalPort(), "::1", "127.0.0.2", "127.0.0.1");
            assertThat(connected.get(30, TimeUnit.SECONDS)).isEqualTo("connected");
        }
    }

    @Test
    void whenNoAddressListensTheFailureIsTold() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }
        CompletableFuture<String> connected = connect("http://api.example.test:" + port, "127.0.0.1", "127.0.0.2");
        assertThat(connected.get(30, TimeUnit.SECONDS)).isEqualTo("CONNECT_FAILED");
    }

    @Test
    void aServerIsToldWhichNameIsMeant() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> connected =
                    connect("https://api.example.test:" + listener.getLocalPort(), "127.0.0.1");
            try (Socket socket = listener.accept()) {
                InputStream in = socket.getInputStream();
                byte[] record = in.readNBytes(5);
                int length = (record[3] & 0xFF) << 8 | (record[4] & 0xFF);
                String hello = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
                assertThat(hello)
                        .as("server name indication in the first record")
                        .contains("api.example.test");
            }
            assertThat(connected.get(30, TimeUnit.SECONDS)).isEqualTo("CONNECT_FAILED");
        }
    }

    private CompletableFuture<String> connect(String url, String... addresses) throws Exception {
        GatewayConfig config = ConfigLoader.load(
                "deployments: { gpt: { upstreams: [{ url: \"" + url + "\" }] } }",
                Path.of("test.yaml").toAbsolutePath(),
                Map.of());
        Gateway gateway = Gateway.of(config, new FailedAttempts(1), null);
        Endpoint endpoint = gateway.routes()
                .of(gateway.deployments().all().iterator().next())
                .endpoints()
                .get(0);
        CompletableFuture<String> result = new CompletableFuture<>();
        loop.execute(() -> {
            UpstreamConnector connector =
                    new UpstreamConnector(loop, NioSocketChannel.class, new Fixed(List.of(addresses)), config.limits());
            EndpointPool pool = new EndpointPool(endpoint, connector, config.limits());
            connector.connect(endpoint, pool, new UpstreamConnector.Result() {
                @Override
                public void connected(UpstreamConnection connection) {
                    connection.channel().close();
                    result.complete("connected");
                }

                @Override
                public void connected(Http2Connection connection) {
                    result.complete("http2");
                }

                @Override
                public void notConnected(ProxyError error) {
                    result.complete(error.kind().name());
                }
            });
        });
        result.whenComplete((outcome, failure) -> gateway.release(null));
        return result;
    }

    /** Every name has these addresses, in this order. */
    private static final class Fixed extends AddressResolverGroup<InetSocketAddress> {
        private final List<String> addresses;

        Fixed(List<String> addresses) {
            this.addresses = addresses;
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) throws Exception {
                    promise.setSuccess(InetAddress.getByName(addresses.get(0)));
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws Exception {
                    List<InetAddress> found = new ArrayList<>();
                    for (String address : addresses) {
                        found.add(InetAddress.getByName(address));
                    }
                    promise.setSuccess(found);
                }
            });
        }
    }
}
