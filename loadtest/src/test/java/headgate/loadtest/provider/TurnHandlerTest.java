package headgate.loadtest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnHandlerTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new TurnHandler());

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static HttpRequest head(String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
    }

    @Test
    void theNextRequestComesInWhenTheAnswerIsWritten() {
        HttpRequest first = head("/1");
        HttpRequest second = head("/2");
        HttpRequest third = head("/3");
        channel.writeInbound(first, LastHttpContent.EMPTY_LAST_CONTENT, second);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT, third);

        assertThat(channel.inboundMessages()).containsExactly(first, LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(channel.inboundMessages()).hasSize(4).contains(second).doesNotContain(third);
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(channel.inboundMessages()).hasSize(5).contains(third);
    }

    @Test
    void asManyMessagesWaitAsTheLimitAndOneMoreEndsTheConnection() {
        channel.writeInbound(head("/1"), LastHttpContent.EMPTY_LAST_CONTENT);
        HttpContent content = new DefaultHttpContent(Unpooled.buffer().writeByte('x'));
        for (int waiting = 0; waiting < TurnHandler.WAITING_MAX; waiting++) {
            channel.writeInbound(content.retain());
        }
        assertThat(channel.isOpen()).isTrue();

        channel.writeInbound(content.retain());
        assertThat(channel.isOpen()).isFalse();
        assertThat(content.refCnt()).as("what waited is released").isEqualTo(1);
        content.release();
    }
}
