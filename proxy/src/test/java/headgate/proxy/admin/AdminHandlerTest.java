package headgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.AdminConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a page that does not do what it should means for whoever asks it. */
final class AdminHandlerTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new AdminHandler(
            new AdminGuard(new AdminConfig("127.0.0.1", 0, null, null, 1, 1)),
            List.of(
                    AdminPage.get("/throws", request -> {
                        throw new IllegalStateException("a secret of the page's");
                    }),
                    AdminPage.getLater(
                            "/fails", request -> CompletableFuture.failedFuture(new IllegalStateException("later"))),
                    AdminPage.get(
                            "/stream",
                            request -> AdminAnswer.events(() -> {
                                throw new IllegalStateException("at the first event");
                            }))),
            new RequestTimeHandler(Duration.ofSeconds(1))));

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aPageThatThrowsIsAnsweredForAsOneThatFailsLater() {
        for (String page : List.of("/throws", "/fails")) {
            ask(page);
            FullHttpResponse answer = channel.readOutbound();
            assertThat(answer.status().code()).as(page).isEqualTo(500);
            assertThat(answer.toString()).doesNotContain("secret");
            answer.release();
            assertThat(channel.isOpen())
                    .as("the next request has its answer too")
                    .isTrue();
        }
    }

    @Test
    void aStreamThatFailsEnds() {
        ask("/stream");
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    private void ask(String page) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, page);
        request.headers().set("host", "localhost");
        channel.writeInbound(request);
        channel.runPendingTasks();
    }
}
