package headgate.filters.content.judge;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.JudgeConfig;
import headgate.conf.JudgeConfig.Kind;
import headgate.conf.Secret;
import headgate.filters.content.Judge;
import headgate.filters.content.Judge.Question;
import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import headgate.filters.fetch.Fetcher;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a judge over real sockets, from one event loop. */
final class AskingService implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Judges judges;

    AskingService(JudgeConfig config) throws Exception {
        Fetcher fetcher =
                new Fetcher(NioSocketChannel.class, DefaultAddressResolverGroup.INSTANCE, Duration.ofSeconds(5));
        judges = new Judges(
                Map.of("it", config),
                authorities -> {
                    throw new IllegalStateException("no TLS here");
                },
                null);
        judges.start(fetcher);
    }

    static JudgeConfig config(Kind kind, URI url) {
        return config(kind, url, Duration.ofSeconds(5), 8, 10_000, 100);
    }

    static JudgeConfig config(
            Kind kind, URI url, Duration deadline, int concurrent, int charactersMax, int remembered) {
        return new JudgeConfig(
                "it", kind, url, new Secret("k3y"), null, deadline, concurrent, charactersMax, remembered, null);
    }

    JudgeCounters counters() {
        return Objects.requireNonNull(judges.counters().get("it"));
    }

    /** What came of it, now or later. */
    CompletableFuture<Verdict> ask(Source source, Set<Category> categories, Text... texts) {
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        loops.next()
                .execute(() -> Objects.requireNonNull(judges.all().get("it"))
                        .judge(loops.next(), new Question(source, categories, List.of(texts)), new Judge.Answer() {
                            @Override
                            public void found(Verdict verdict) {
                                once(answer.complete(verdict));
                            }

                            @Override
                            public void failed(Verdict known, String why) {
                                once(answer.completeExceptionally(
                                        new IllegalStateException(why + " " + known.severities())));
                            }

                            private void once(boolean first) {
                                if (!first) {
                                    throw new AssertionError("answered twice");
                                }
                            }
                        }));
        return answer;
    }

    Verdict verdict(Set<Category> categories, String... texts) throws Exception {
        Text[] said = new Text[texts.length];
        for (int i = 0; i < texts.length; i++) {
            said[i] = new Text(texts[i], false);
        }
        return ask(Source.PROMPT, categories, said).get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
