package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig.Annotation;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Mode;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.LimitsConfig;
import headgate.filters.api.Operation;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import headgate.filters.content.TextScan;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges the events of one answer; each goes on, in order, when all its text is decided.
 *
 * <p>An event behind one that waits waits too, also when it is of another choice. Belongs to one exchange.
 */
final class JudgedAnswer implements BatchQuestion.Asker {
    /** Takes what is decided. */
    interface Output {
        /** An event may go on, with its edits. */
        void release(AnswerEvent event);

        /** No more events may go on now. */
        void released();

        /** Everything has gone on, and nothing more will. */
        void complete();

        /** It cannot be judged, and the policy is that nothing goes on then. */
        void unavailable();
    }

    /** Of text that goes on before it is judged (CONTRACT.md, section 5); bytes, so that characters are no more. */
    private static final int AHEAD_BYTES = 1000;

    private static final String DONE = "data: [DONE]\n\n";

    private final FilterPolicy policy;
    private final TextRules rules;
    private final Map<Judge, Set<Category>> judges;
    private final LimitsConfig.ContentFilter limits;
    private final boolean response;
    private final boolean stream;
    private final boolean behind;
    private final boolean masks;
    private final EventLoop loop;
    private final EventEdits edits;
    private final Frames frames;
    private final Output output;

    private final Choices choices;
    private final EventQueue queue = new EventQueue();
    private boolean opened;
    private boolean ended;
    private boolean over;

    /** Whether an event is only half looked at; answers of judges may come meanwhile. */
    private boolean busy;

    /**
     * An answer of which nothing was read.
     *
     * @param choiceCount how many choices were asked for
     */
    JudgedAnswer(
            FilterPolicy policy,
            LimitsConfig.ContentFilter limits,
            Operation operation,
            boolean stream,
            int choiceCount,
            EventLoop loop,
            EventEdits edits,
            Output output) {
        this.policy = policy;
        this.rules = policy.rules(Source.COMPLETION);
        this.judges = policy.judges(Source.COMPLETION);
        this.limits = limits;
        this.response = operation == Operation.RESPONSES;
        this.stream = stream;
        this.behind = stream && policy.config().mode() == Mode.ASYNCHRONOUS;
        this.masks = policy.config().masks(Source.COMPLETION);
        this.choices = new Choices(policy.config(), choiceCount);
        this.loop = loop;
        this.edits = edits;
        this.frames = new Frames(operation);
        this.output = output;
    }

    /** How many bytes wait. */
    long queued() {
        return queue.bytes();
    }

    /** Takes the next event; what comes when the answer is complete is dropped. */
    void read(AnswerEvent event) {
        if (ended) {
            return;
        }
        queue.add(event);
        if (event.unreadable) {
            unavailable();
        } else if (!opened) {
            busy = true;
            judge(event);
            busy = false;
        }
        release();
    }

    private void judge(AnswerEvent event) {
        frames.learn(event);
        for (Piece piece : event.pieces) {
            read(event, piece);
        }
        for (ChoicePlace place : event.choices) {
            Choice choice = choices.at(place.index);
            if (place.media) {
                choice.results.media();
            }
            if (choice.blocked && !event.closes.contains(choice)) {
                event.silences.add(choice);
            } else if (place.finished && !choice.blocked) {
                choice.finished = true;
                endLanes(choice, choice::end);
            }
        }
        if (event.endsPart()) {
            choices.all().forEach(choice -> endLanes(choice, () -> choice.end(event.part)));
        } else if (event.endsAll()) {
            endAll();
        }
    }

    /** Nothing more comes. */
    void end() {
        if (!ended) {
            busy = true;
            endAll();
            busy = false;
            ended = true;
        }
        release();
    }

    private void endAll() {
        choices.all().forEach(choice -> endLanes(choice, choice::end));
    }

    /** It cannot be judged to its end. */
    void unavailable() {
        if (policy.config().outage() == Outage.CLOSED) {
            over = true;
            output.unavailable();
        } else {
            opened = true;
            choices.unavailable();
            release();
        }
    }

    private void read(AnswerEvent event, Piece piece) {
        Choice choice = choices.at(piece.place.index);
        if (choice.blocked) {
            event.replace(piece.from, piece.to, "");
            return;
        }
        Lane lane = piece.running ? choice.lane(piece, () -> newLane(choice)) : newLane(choice);
        piece.lane = lane;
        piece.start = lane.offset();
        lane.read(event.bytes(), piece.from, piece.to);
        if (!piece.running) {
            lane.end();
        }
        look(lane);
    }

    private Lane newLane(Choice choice) {
        TextScan scan = rules.isEmpty() ? null : rules.newScan();
        return new Lane(choice, scan, !behind || masks, !judges.isEmpty(), behind ? AHEAD_BYTES : 0);
    }

    private void endLanes(Choice choice, Runnable end) {
        end.run();
        List.copyOf(choice.lanes()).forEach(this::look);
    }

    /** Follows what the rules found, and asks judges when there is enough. */
    private void look(Lane lane) {
        Choice choice = lane.choice;
        long cut = tell(lane);
        if (cut < Long.MAX_VALUE && !choice.blocked) {
            block(lane, cut);
        }
        Lane.Batch batch = choice.blocked ? null : lane.ask(limits.batchCharacters());
        if (batch != null) {
            new BatchQuestion(lane, batch, this).ask(judges, loop);
        }
    }

    private long tell(Lane lane) {
        return lane.tell(lane.choice.results, (from, to) -> queue.mask(lane, from, to));
    }

    /**
     * Ends a choice where its text is forbidden; of what waits, everything behind goes.
     *
     * <p>What was not decided yet is decided now: some of it may be forbidden too, and stand in front.
     */
    private void block(Lane lane, long offset) {
        Choice choice = lane.choice;
        choice.blocked = true;
        choice.end();
        boolean cut = queue.cut(lane, offset, response);
        for (Lane each : choice.lanes()) {
            long first = tell(each);
            if (first < Long.MAX_VALUE) {
                cut |= queue.cut(each, first, response);
            }
        }
        if (stream && (response || !cut)) {
            queue.add(AnswerEvent.own(frames.closing(choice, edits.tells())));
        }
        if (stream && (response || choices.areOver())) {
            if (!response) {
                queue.add(AnswerEvent.own(DONE));
            }
            ended = true;
        }
    }

    private void release() {
        while (!busy && !over && !queue.isEmpty() && (opened || isFree(queue.first()))) {
            AnswerEvent event = queue.remove();
            if (edits.edit(event, choices)) {
                output.release(event);
            }
        }
        if (!busy && !over && ended && queue.isEmpty()) {
            over = true;
            output.complete();
        } else if (!busy) {
            output.released();
        }
    }

    private boolean isFree(AnswerEvent event) {
        for (Piece piece : event.pieces) {
            Lane lane = piece.lane;
            if (lane != null && piece.start + piece.length() > lane.free()) {
                return false;
            }
        }
        for (ChoicePlace place : event.choices) {
            if (place.finished && !choices.at(place.index).settled()) {
                return false;
            }
        }
        return !event.done || choices.all().stream().allMatch(Choice::settled);
    }

    @Override
    public void answered(Lane lane, Lane.Batch batch, boolean failed) {
        Choice choice = lane.choice;
        if (over || choice.blocked) {
            return;
        }
        if (failed && policy.config().outage() == Outage.CLOSED) {
            unavailable();
            return;
        }
        if (choice.results.blocked()) {
            block(lane, batch.start());
        } else {
            lane.passed(batch);
            if (behind && policy.config().annotations().contains(Annotation.VERDICT_EVENTS)) {
                output.release(AnswerEvent.own(Frames.verdict(choice, batch.from(), batch.to())));
            }
            look(lane);
        }
        release();
    }
}
