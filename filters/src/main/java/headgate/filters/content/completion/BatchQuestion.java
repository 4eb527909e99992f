package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.Judge;
import headgate.filters.content.Verdict;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A question about a part of a text, which all judges answer. */
final class BatchQuestion implements Judge.Answer {
    /** Is told when all have answered. */
    interface Asker {
        void answered(Lane lane, Lane.Batch batch, boolean forbidden, boolean failed);
    }

    private final Lane lane;
    private final Lane.Batch batch;
    private final Asker asker;
    private int pending;
    private boolean forbidden;
    private boolean failed;

    BatchQuestion(Lane lane, Lane.Batch batch, Asker asker) {
        this.lane = lane;
        this.batch = batch;
        this.asker = asker;
    }

    void ask(Map<Judge, Set<Category>> judges, EventLoop loop) {
        pending = judges.size();
        List<Judge.Text> texts = List.of(new Judge.Text(batch.characters(), false));
        judges.forEach((judge, categories) ->
                judge.judge(loop, new Judge.Question(Source.COMPLETION, categories, texts), this));
    }

    @Override
    public void found(Verdict verdict) {
        forbidden |= lane.choice.results.judged(verdict);
        answered();
    }

    @Override
    public void failed(Verdict known, String why) {
        failed = true;
        forbidden |= lane.choice.results.judged(known);
        lane.choice.results.unavailable();
        answered();
    }

    private void answered() {
        if (--pending == 0) {
            asker.answered(lane, batch, forbidden, failed);
        }
    }
}
