package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A judge that answers when the test says so, the questions in their order. */
public final class WaitingJudge implements Judge {
    private final List<Question> questions = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    @Override
    public void judge(EventLoop loop, Question question, Answer answer) {
        questions.add(question);
        answers.add(answer);
    }

    /** What was asked; the test may take out what it has seen. */
    public List<Question> questions() {
        return questions;
    }

    /** The first text of each question. */
    public List<String> asked() {
        return questions.stream()
                .map(question -> question.texts().get(0).characters())
                .toList();
    }

    /** Lets the second oldest question be answered first. */
    public void swap() {
        answers.add(0, answers.remove(1));
    }

    /** Answers the oldest question: so much hate. */
    public void finds(Severity severity) {
        answers.remove(0).found(new Verdict(Map.of(Category.HATE, severity), Set.of(), Set.of(Category.HATE)));
    }

    /** Answers the oldest question: an attack, or none. */
    public void detects(boolean detected) {
        Set<Category> found = detected ? Set.of(Category.JAILBREAK) : Set.of();
        answers.remove(0).found(new Verdict(Map.of(), found, Set.of(Category.JAILBREAK)));
    }

    /** Has found so much hate, and no answer to all of the oldest question. */
    public void fails(String why, Severity known) {
        answers.remove(0).failed(new Verdict(Map.of(Category.HATE, known), Set.of(), Set.of(Category.HATE)), why);
    }

    /** Has no answer to the oldest question. */
    public void fails(String why) {
        answers.remove(0).failed(Verdict.NONE, why);
    }
}
