package headgate.filters.content;

import headgate.filters.Exchange;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/** Makes the handlers that judge completions. */
@FunctionalInterface
public interface CompletionFilters {
    /**
     * A handler for the answer of one exchange; it is taken out when the exchange is over.
     *
     * @param prompt what was found in the prompt; complete before the answer begins
     * @return null when nothing of the answer is to be looked at
     */
    @Nullable
    ChannelHandler filter(FilterPolicy policy, Exchange exchange, FilterResults prompt);
}
