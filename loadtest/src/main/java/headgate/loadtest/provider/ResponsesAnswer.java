package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Answers responses: one message of one text, as an object or as the events that build it. */
final class ResponsesAnswer {
    private final Question question;
    private final RequestFacts facts;
    private final AnswerText text;
    private final String messageId;
    private int sequence;

    private ResponsesAnswer(Question question) {
        this.question = question;
        this.facts = question.facts();
        this.text = question.text();
        this.messageId = question.id("msg_");
    }

    static Answer of(Question question) {
        ResponsesAnswer answer = new ResponsesAnswer(question);
        return question.facts().stream ? answer.events() : answer.whole();
    }

    private Answer whole() {
        ByteBuf body = Unpooled.copiedBuffer(response(finalStatus(), message(finalStatus(), part(allText()))), UTF_8);
        return Answer.Whole.json(body, facts.promptTokens(), text.tokens());
    }

    private Answer events() {
        String place = ",\"output_index\":0";
        String partPlace = ",\"item_id\":\"" + messageId + "\"" + place + ",\"content_index\":0";
        List<byte[]> lead = new ArrayList<>();
        lead.add(event("response.created", ",\"response\":" + response("in_progress", "")));
        lead.add(event("response.in_progress", ",\"response\":" + response("in_progress", "")));
        lead.add(event("response.output_item.added", place + ",\"item\":" + message("in_progress", "")));
        lead.add(event("response.content_part.added", partPlace + ",\"part\":" + part("")));

        int firstToken = sequence;
        Answer.Event token = Answer.Event.template(
                eventHead("response.output_text.delta"),
                index -> firstToken + index,
                partPlace + ",\"delta\":\"",
                text::write,
                "\",\"logprobs\":[]}\n\n");
        sequence += text.tokens();

        String all = allText();
        List<byte[]> tail = new ArrayList<>();
        tail.add(event("response.output_text.done", partPlace + ",\"text\":\"" + all + "\",\"logprobs\":[]"));
        tail.add(event("response.content_part.done", partPlace + ",\"part\":" + part(all)));
        String item = message(finalStatus(), part(all));
        tail.add(event("response.output_item.done", place + ",\"item\":" + item));
        tail.add(event("response." + finalStatus(), ",\"response\":" + response(finalStatus(), item)));
        return new Answer.Stream(Answer.EVENT_STREAM, lead, token, text.tokens(), tail, facts.promptTokens());
    }

    private byte[] event(String type, String fields) {
        return (eventHead(type) + sequence++ + fields + "}\n\n").getBytes(UTF_8);
    }

    private static String eventHead(String type) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":";
    }

    private String response(String status, String output) {
        boolean ended = !status.equals("in_progress");
        String usage = ended && question.tellsUsage() ? Usage.ofResponse(facts.promptTokens(), text.tokens()) : "null";
        String incomplete = status.equals("incomplete") ? "{\"reason\":\"max_output_tokens\"}" : "null";
        return "{\"id\":\"" + question.id("resp_") + "\",\"object\":\"response\",\"created_at\":"
                + question.createdSeconds() + ",\"status\":\"" + status + "\",\"error\":null,\"incomplete_details\":"
                + incomplete + ",\"instructions\":null,\"max_output_tokens\":null,\"model\":" + question.quotedModel()
                + ",\"output\":[" + output + "],\"parallel_tool_calls\":true,\"previous_response_id\":null"
                + ",\"reasoning\":{\"effort\":null,\"summary\":null},\"store\":false,\"temperature\":1.0"
                + ",\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":1.0"
                + ",\"truncation\":\"disabled\",\"usage\":" + usage + ",\"user\":null,\"metadata\":{}}";
    }

    private String message(String status, String content) {
        return "{\"id\":\"" + messageId + "\",\"type\":\"message\",\"status\":\"" + status
                + "\",\"role\":\"assistant\",\"content\":[" + content + "]}";
    }

    private static String part(String escapedText) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"" + escapedText + "\"}";
    }

    private String finalStatus() {
        return question.cutShort() ? "incomplete" : "completed";
    }

    private String allText() {
        ByteBuf all = Unpooled.buffer();
        text.writeAll(all);
        return all.toString(UTF_8);
    }
}
