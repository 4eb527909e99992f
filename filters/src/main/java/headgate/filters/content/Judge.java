package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Set;

/** Somebody who has to be asked what a text is. Shared by all event loops; it neither blocks nor throws. */
public interface Judge {
    /** Asks; the answer comes on the same event loop, at once or later, exactly once. */
    void judge(EventLoop loop, Question question, Answer answer);

    /**
     * What is asked.
     *
     * @param categories to be decided about; the answer tells of these and no others
     * @param texts each on its own, in their order, without JSON's escapes
     */
    record Question(Source source, Set<Category> categories, List<Text> texts) {}

    /**
     * One text.
     *
     * @param document whether it was brought along (tools' results, documents) and not said by the caller
     */
    record Text(String characters, boolean document) {}

    /** Told what was found. */
    interface Answer {
        /** The judge has decided. */
        void found(Verdict verdict);

        /**
         * Not everything was decided; the policy's {@code outage} applies to the rest.
         *
         * @param known what was decided all the same
         */
        void failed(Verdict known, String why);
    }
}
