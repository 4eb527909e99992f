package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Answers chat completions: a text, or a call of the request's first tool. */
final class ChatAnswer {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

    private final Question question;
    private final RequestFacts facts;
    private final boolean callsTool;
    private final AnswerText text;

    private ChatAnswer(Question question) {
        this.question = question;
        this.facts = question.facts();
        this.callsTool = facts.callsTool();
        this.text = callsTool ? AnswerText.arguments(question.model(), facts.lastText) : question.text();
    }

    static Answer of(Question question) {
        ChatAnswer answer = new ChatAnswer(question);
        return question.facts().stream ? answer.events() : answer.whole();
    }

    private Answer whole() {
        ByteBuf body = Unpooled.buffer();
        write(body, head("chat.completion") + ",\"choices\":[");
        for (int choice = 0; choice < facts.choices; choice++) {
            write(body, choice == 0 ? "" : ",");
            write(body, "{\"index\":" + choice + ",\"message\":{\"role\":\"assistant\",\"refusal\":null,");
            write(body, callsTool ? "\"content\":null,\"tool_calls\":[" + toolCall(choice) : "\"content\":\"");
            text.writeAll(body);
            write(body, callsTool ? "\"}}]" : "\",\"annotations\":[]");
            write(body, "},\"logprobs\":null,\"finish_reason\":\"" + finishReason() + "\"}");
        }
        write(body, question.tellsUsage() ? "],\"usage\":" + usage() + "}" : "]}");
        return Answer.Whole.json(body, facts.promptTokens(), completionTokens());
    }

    private Answer events() {
        String open = "data: " + head("chat.completion.chunk") + ",\"choices\":[{\"index\":";
        // Who asks for usage gets the field in every event, null until the last.
        boolean usageWanted = facts.includeUsage && question.tellsUsage();
        String close =
                ",\"logprobs\":null,\"finish_reason\":null}]" + (usageWanted ? ",\"usage\":null}" : "}") + "\n\n";
        List<byte[]> lead = new ArrayList<>();
        List<byte[]> tail = new ArrayList<>();
        for (int choice = 0; choice < facts.choices; choice++) {
            String call = callsTool
                    ? "null,\"tool_calls\":[{\"index\":0," + toolCall(choice).substring(1) + "\"}}]"
                    : "\"\"";
            String role = ",\"delta\":{\"role\":\"assistant\",\"refusal\":null,\"content\":" + call + "}";
            lead.add((open + choice + role + close).getBytes(UTF_8));
            String end = ",\"delta\":{}" + close.replace("reason\":null", "reason\":\"" + finishReason() + "\"");
            tail.add((open + choice + end).getBytes(UTF_8));
        }
        if (usageWanted) {
            String usage = "data: " + head("chat.completion.chunk") + ",\"choices\":[],\"usage\":" + usage() + "}\n\n";
            tail.add(usage.getBytes(UTF_8));
        }
        tail.add(DONE);
        String delta = callsTool
                ? ",\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""
                : ",\"delta\":{\"content\":\"";
        Answer.Event token = Answer.Event.template(
                open,
                index -> index % facts.choices,
                delta,
                (index, out) -> text.write(index / facts.choices, out),
                (callsTool ? "\"}}]}" : "\"}") + close);
        return new Answer.Stream(Answer.EVENT_STREAM, lead, token, completionTokens(), tail, facts.promptTokens());
    }

    /** All of a tool's call up to its arguments, their closing left open. */
    private String toolCall(int choice) {
        return "{\"id\":\"" + question.id("call_") + "n" + choice + "\",\"type\":\"function\",\"function\":{\"name\":"
                + AnswerText.quoted(String.valueOf(facts.firstTool)) + ",\"arguments\":\"";
    }

    private String head(String object) {
        return "{\"id\":\"" + question.id("chatcmpl-") + "\",\"object\":\"" + object + "\",\"created\":"
                + question.createdSeconds() + ",\"model\":" + question.quotedModel()
                + ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulated\"";
    }

    private String finishReason() {
        return callsTool ? "tool_calls" : question.cutShort() ? "length" : "stop";
    }

    private int completionTokens() {
        return text.tokens() * facts.choices;
    }

    private String usage() {
        return Usage.ofCompletion(facts.promptTokens(), completionTokens());
    }

    private static void write(ByteBuf body, String json) {
        body.writeCharSequence(json, UTF_8);
    }
}
