package headgate.filters.content.completion;

import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the events of one answer; each goes on, in order, when all its text is decided.
 *
 * <p>An event behind one that waits waits too, also when it is of another choice. Belongs to one exchange.
 */
final class JudgedAnswer implements BatchQuestion.Asker {
    private static final String DONE = "data: [DONE]\n\n";

    private final AnswerPolicy policy;
    private final EventLoop loop;
    private final EventEdits edits;
    private final Frames frames;
    private final JudgedOutput output;

    private final Choices choices;
    private final EventQueue queue = new EventQueue();

    /** Whether judges are waited for. */
    private boolean awaited = true;

    /** Whether nothing more is taken. */
    private boolean ended;

    /** Whether that is since all that was asked for is blocked or complete, and the caller has to be told. */
    private boolean stopped;

    /** Whether the upstream's own end of the stream has gone on. */
    private boolean done;

    private boolean over;

    /** Whether an event is only half looked at; answers of judges may come meanwhile. */
    private boolean busy;

    /**
     * An answer of which nothing was read.
     *
     * @param choiceCount how many choices were asked for
     */
    JudgedAnswer(AnswerPolicy policy, int choiceCount, EventLoop loop, EventEdits edits, JudgedOutput output) {
        this.policy = policy;
        this.choices = new Choices(policy.config(), choiceCount);
        this.loop = loop;
        this.edits = edits;
        this.frames = new Frames(policy.operation());
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
        if (event.unreadable && !policy.open()) {
            unavailable();
        } else if (event.unreadable) {
            choices.unavailable();
        } else {
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
                finish(choice, event);
            }
        }
        if (policy.response() && event.own.media) {
            choices.at(0).results.media();
        }
        if (event.endsPart()) {
            choices.all().forEach(choice -> endLanes(choice, () -> choice.end(event.part)));
        } else if (event.endsAll()) {
            endAll();
        }
    }

    /**
     * A choice says that it is complete. Some upstreams say so with each event: of the only choice, texts go on until the stream ends.
     */
    private void finish(Choice choice, AnswerEvent event) {
        choice.finished = true;
        choice.finish = event;
        if (!choices.isOne() || !policy.stream()) {
            endLanes(choice, choice::end);
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

    /** Nobody wants to know any more. */
    void leave() {
        over = true;
    }

    /** It cannot be judged to its end, and must not go on. */
    void unavailable() {
        over = true;
        output.unavailable();
    }

    /** Waits for judges no longer, if the policy lets text pass without them; rules go on. */
    boolean tryGoOnUnjudged() {
        if (!policy.open()) {
            return false;
        }
        awaited = false;
        choices.unavailable();
        release();
        return true;
    }

    /** Whether what comes may go on although nobody looks at it: no rule has a say, and no choice is over. */
    boolean mayGoOnUnread() {
        return policy.open() && policy.rules().isEmpty() && !choices.isBlocked();
    }

    private void read(AnswerEvent event, Piece piece) {
        Choice choice = choices.at(piece.place.index);
        if (choice.blocked || (choice.finished && !choices.isOne())) {
            piece.keep(0);
            return;
        }
        if (piece.length() > 0 && choice.finish != event) {
            choice.finish = null;
        }
        Lane lane = piece.running ? choice.lane(piece, () -> policy.newLane(choice)) : policy.newLane(choice);
        piece.lane = lane;
        piece.start = lane.offset();
        lane.read(event.bytes(), piece.from, piece.to);
        if (!piece.running) {
            lane.end();
        }
        look(lane);
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
        if (!choice.blocked) {
            ask(lane, lane.ask(policy.batchCharacters()));
        }
    }

    private void ask(Lane lane, Lane.@Nullable Batch batch) {
        if (batch != null && awaited) {
            new BatchQuestion(lane, batch, this).ask(policy.judges(), loop);
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
        boolean cut = queue.cut(lane, offset, policy.response());
        Set<Lane> lanes = new LinkedHashSet<>(choice.lanes());
        for (Lane each : lanes) {
            long first = tell(each);
            if (first < Long.MAX_VALUE) {
                cut |= queue.cut(each, first, policy.response());
            }
        }
        if (policy.stream() && (policy.response() || !cut)) {
            queue.close(choice);
        }
        if (policy.stream() && (policy.response() || choices.areOver())) {
            stopped = true;
            ended = true;
        }
        lanes.add(lane);
        lanes.forEach(this::askRest);
    }

    /** Asks judges about that of a text which stands in front of the cut, and of which they were not asked yet. */
    private void askRest(Lane lane) {
        ask(lane, lane.askRest(queue.text(lane, lane.asked()), queue.end(lane), policy.batchCharacters()));
    }

    private void release() {
        while (!busy && !over && !queue.isEmpty() && choices.areDecided(queue.first(), awaited)) {
            release(queue.remove());
        }
        if (!busy && !over && ended && queue.isEmpty()) {
            over = true;
            if (stopped && !policy.response()) {
                output.release(AnswerEvent.own(DONE));
            }
            output.complete();
        } else if (!busy) {
            output.released();
        }
    }

    private void release(AnswerEvent event) {
        Choice closing = event.closing;
        if (event.done && stopped) {
            return;
        }
        done |= event.done;
        if (closing != null) {
            closing.closed = true;
            output.release(AnswerEvent.own(frames.closing(closing, edits.tells())));
            return;
        }
        event.closes.forEach(choice -> choice.closed |= !policy.response());
        if (edits.edit(event, choices)) {
            output.release(event);
        }
    }

    @Override
    public void answered(Lane lane, Lane.Batch batch, boolean forbidden, boolean failed) {
        Choice choice = lane.choice;
        if (over || done || choice.closed) {
            return;
        }
        if (forbidden) {
            block(lane, batch.start());
        } else if (failed && !policy.open()) {
            unavailable();
            return;
        } else {
            lane.passed(batch);
            if (policy.tellsVerdicts()) {
                output.release(AnswerEvent.own(Frames.verdict(choice, batch.from(), batch.to())));
            }
            if (choice.blocked) {
                askRest(lane);
            } else {
                look(lane);
            }
        }
        release();
    }
}
