package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

final class StatusJourneyTest {
    @Test
    void the_page_loads_nothing_from_elsewhere() throws Exception {
        try (AdminGateway admin = new AdminGateway("")) {
            for (String path : new String[] {"/", "/status.css", "/status.js"}) {
                RawCaller.Answer answer = admin.get(path);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).doesNotContain("http://", "https://", "innerHTML");
                assertThat(answer.field("content-security-policy")).contains("default-src 'none'", "script-src 'self'");
            }
            assertThat(admin.get("/").field("content-type")).isEqualTo("text/html; charset=utf-8");
        }
    }

    @Test
    void events_tell_what_has_happened_until_the_watcher_leaves() throws Exception {
        try (AdminGateway admin = new AdminGateway("")) {
            try (RawCaller watcher = admin.operator()) {
                watcher.send(AdminGateway.request("GET", "/status/events", "localhost"));
                String head = watcher.readHead();
                assertThat(head).contains("200 OK", "text/event-stream");
                String first = event(watcher);
                assertThat(first).startsWith("data: {\"ready\":true").contains("\"operations\":[]");
                assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
                await().untilAsserted(() -> assertThat(event(watcher))
                        .contains("\"deployment\":\"gpt\"", "\"recent\":1", "\"p99\":", "\"calls\":1"));
            }
            assertThat(admin.get("/livez").status()).isEqualTo(200);
        }
    }

    @Test
    void errors_are_told_with_their_causes() throws Exception {
        try (AdminGateway admin = new AdminGateway("", (request, call) -> call.reset())) {
            assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(502);
            await().untilAsserted(() -> assertThat(admin.get("/status").body())
                    .contains("\"errors\":[{\"status\":502,\"cause\":\"", "\"failures\":1"));
        }
    }

    /** Read byte by byte, since the answer has neither a length nor chunks of its own. */
    private static String event(RawCaller watcher) throws Exception {
        StringBuilder event = new StringBuilder();
        while (event.indexOf("\n\n") < 0) {
            byte[] next = watcher.readBytes(1);
            assertThat(next).as("the stream goes on").hasSize(1);
            event.append((char) next[0]);
        }
        return event.toString();
    }
}
