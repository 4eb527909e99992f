package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Answers completions: as many choices as prompts times {@code n}. */
final class CompletionAnswer {
    private final Question question;
    private final RequestFacts facts;
    private final AnswerText text;
    private final int choices;
    private final int completionTokens;

    private CompletionAnswer(Question question) {
        this.question = question;
        this.facts = question.facts();
        this.text = question.text();
        this.choices = Math.min(facts.choices * Math.max(facts.inputs, 1), RequestFacts.CHOICES_MAX);
        this.completionTokens = text.tokens() * choices;
    }

    static Answer of(Question question) {
        CompletionAnswer answer = new CompletionAnswer(question);
        return question.facts().stream ? answer.events() : answer.whole();
    }

    private Answer whole() {
        ByteBuf body = Unpooled.buffer();
        body.writeCharSequence(head() + ",\"choices\":[", UTF_8);
        for (int choice = 0; choice < choices; choice++) {
            body.writeCharSequence((choice == 0 ? "" : ",") + "{\"index\":" + choice + ",\"text\":\"", UTF_8);
            text.writeAll(body);
            body.writeCharSequence("\",\"logprobs\":null,\"finish_reason\":" + finishReason() + "}", UTF_8);
        }
        body.writeCharSequence(question.tellsUsage() ? "],\"usage\":" + usage() + "}" : "]}", UTF_8);
        return Answer.Whole.json(body, facts.promptTokens(), completionTokens);
    }

    private Answer events() {
        boolean usageWanted = facts.includeUsage && question.tellsUsage();
        String open = "data: " + head() + ",\"choices\":[{\"index\":";
        String close = "}]" + (usageWanted ? ",\"usage\":null}" : "}") + "\n\n";
        Answer.Event token = Answer.Event.template(
                open,
                index -> index % choices,
                ",\"text\":\"",
                (index, out) -> text.write(index / choices, out),
                "\",\"logprobs\":null,\"finish_reason\":null" + close);
        List<byte[]> tail = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            String end = ",\"text\":\"\",\"logprobs\":null,\"finish_reason\":" + finishReason();
            tail.add((open + choice + end + close).getBytes(UTF_8));
        }
        if (usageWanted) {
            tail.add(("data: " + head() + ",\"choices\":[],\"usage\":" + usage() + "}\n\n").getBytes(UTF_8));
        }
        tail.add("data: [DONE]\n\n".getBytes(UTF_8));
        return new Answer.Stream(Answer.EVENT_STREAM, List.of(), token, completionTokens, tail, facts.promptTokens());
    }

    private String head() {
        return "{\"id\":\"" + question.id("cmpl-") + "\",\"object\":\"text_completion\",\"created\":"
                + question.createdSeconds() + ",\"model\":" + question.quotedModel();
    }

    private String finishReason() {
        return question.cutShort() ? "\"length\"" : "\"stop\"";
    }

    private String usage() {
        return Usage.ofCompletion(facts.promptTokens(), completionTokens);
    }
}
