package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;

/**
 * The status page as a browser has it: loaded from a gateway, its script run, its elements looked at.
 *
 * <p>HtmlUnit has no event streams, so what {@code /status} tells is handed to the script here; nor does it draw, so layout and
 * colours are left to the eye. An error of the script fails the test.
 */
class StatusPageJourneyTest {
    private static final String LIMIT = "rateLimits: { perPrincipal: { tokensPerMinute: 1000 } }";

    private static final String NOTHING = """
            {"ready":true,"exchanges":0,"streams":0,"connections":0,"redis":"none","seconds":10,
            "operations":[],"upstreams":[],"limits":[],"reloads":[]}""";

    @Test
    void whatHasHappenedStandsInTheTables() throws Exception {
        try (AdminGateway admin = new AdminGateway("", (request, call) -> call.json(200, "{}"), LIMIT);
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            assertThat(text(page, "state")).isEqualTo("Connecting…");
            draw(page, admin);
            assertThat(text(page, "state")).isEqualTo("Ready");
            assertThat(text(page, "operations")).isEqualTo("None.");

            assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            await().untilAsserted(() -> {
                draw(page, admin);
                assertThat(cells(page, "operations")).hasSize(1);
            });
            assertThat(cells(page, "operations").get(0))
                    .startsWith("gpt", "chat/completions")
                    .endsWith("1");
            assertThat(cells(page, "limits").get(0))
                    .startsWith("all", "caller", "tokens")
                    .contains("0");
            assertThat(cells(page, "upstreams").get(0))
                    .startsWith(admin.upstream.url() + "/v1", "gpt", "in use")
                    .endsWith("1", "0");
            assertThat(text(page, "errors")).isEqualTo("None.");
            assertThat(page.getElementById("numbers").getTextContent()).contains("Open exchanges0");
        }
    }

    @Test
    void anErrorStandsThereWithItsCause() throws Exception {
        try (AdminGateway admin = new AdminGateway("", (request, call) -> call.reset());
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            draw(page, admin);
            assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(502);
            await().untilAsserted(() -> {
                draw(page, admin);
                assertThat(cells(page, "errors")).containsExactly(List.of("gpt", "502", "bad answer", "1", "1"));
            });
        }
    }

    @Test
    void whoeverReadsByEarOrByKeyboardFindsTheSame() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            await().untilAsserted(() -> {
                draw(page, admin);
                assertThat(cells(page, "operations")).hasSize(1);
            });
            DomElement state = page.getElementById("state");
            assertThat(state.getAttribute("role")).isEqualTo("status");
            assertThat(state.getAttribute("aria-live")).isEqualTo("polite");
            DomElement region = page.querySelector("#operations > div");
            assertThat(region.getAttribute("role"))
                    .as("the section around it is the landmark")
                    .isEqualTo("group");
            assertThat(region.getAttribute("tabindex"))
                    .as("it can be gone to, and scrolled")
                    .isEqualTo("0");
            assertThat(region.getAttribute("aria-labelledby")).isEqualTo("h-operations");
            assertThat(page.querySelectorAll("#operations thead th[scope=col]")).hasSize(7);
            assertThat(page.querySelectorAll("#operations tbody th[scope=row]")).hasSize(1);
            assertThat(page.querySelectorAll(
                            "#operations :is(table[role=table], thead[role=rowgroup], tbody[role=rowgroup])"))
                    .as("laid out as cards, it is still a table for those who do not see it")
                    .hasSize(3);
            assertThat(page.querySelectorAll("#operations tr[role=row]")).hasSize(2);
            assertThat(page.querySelectorAll("#operations td[role=cell]")).hasSize(6);
            assertThat(page.querySelectorAll("a.skip[href='#main']")).hasSize(1);
            assertThat(page.querySelectorAll("section[aria-labelledby] > h2")).hasSize(5);
        }
    }

    @Test
    void onlyWhatHasChangedIsDrawnAnew() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            draw(page, operations(row("a", 1), row("c", 1)));
            DomNode a = page.querySelector("#operations tbody tr");
            DomNode c = a.getNextSibling();
            DomNode name = a.getFirstChild().getFirstChild().getFirstChild();
            draw(page, operations(row("a", 2), row("b", 1), row("c", 1)));
            assertThat(cells(page, "operations").stream().map(cells -> cells.get(0) + cells.get(6)))
                    .containsExactly("a2", "b1", "c1");
            assertThat(page.<DomNode>querySelector("#operations tbody tr"))
                    .as("a row stays")
                    .isSameAs(a);
            assertThat(a.getFirstChild().getFirstChild().getFirstChild())
                    .as("and the text that is the same, so that it can be selected")
                    .isSameAs(name);
            draw(page, operations(row("c", 1)));
            assertThat(page.<DomNode>querySelector("#operations tbody tr"))
                    .as("what has gone takes nothing along")
                    .isSameAs(c);
            draw(page, operations());
            assertThat(text(page, "operations")).isEqualTo("None.");
        }
    }

    @Test
    void aReaderCanHaveThePageStandStill() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            draw(page, operations(row("a", 1)));
            page.getElementById("pause").click();
            draw(page, operations(row("a", 2)));
            assertThat(cells(page, "operations").get(0)).endsWith("1");
            assertThat(text(page, "state")).startsWith("Paused");
            page.getElementById("pause").click();
            assertThat(cells(page, "operations").get(0)).endsWith("2");
            assertThat(text(page, "state")).isEqualTo("Ready");
        }
    }

    @Test
    void aRefusedReloadStandsThereWithWhoAskedAndWhy() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            draw(page, NOTHING.replace("\"reloads\":[]", """
                    "reloads":[{"at":"2026-11-30T08:00:00Z","cause":"files","applied":false,"problems":3,"texts":["first","second"]}]
                    """.strip()));
            List<String> cells = cells(page, "reloads").get(0);
            assertThat(cells.get(1)).isEqualTo("files");
            assertThat(cells.get(2).lines()).containsExactly("refused, 3 problems", "first", "second", "and 1 more");
        }
    }

    @Test
    void whatOthersHaveNamedIsTextAndNothingElse() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            String evil = "<img src=x onerror=alert(1)>";
            draw(page, admin.get("/status").body().replace("\"operations\":[]", """
                    "operations":[{"deployment":"%s","operation":"chat/completions","requests":1,"recent":1,"tokens":0,"errors":[]}]
                    """.formatted(evil)
                    .strip()));
            assertThat(cells(page, "operations").get(0)).startsWith(evil);
            assertThat(page.querySelectorAll("img")).isEmpty();
        }
    }

    @Test
    void aGatewayThatHasGoneIsTold() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                WebClient browser = new WebClient(BrowserVersion.CHROME)) {
            HtmlPage page = open(browser, admin);
            draw(page, admin);
            page.executeJavaScript("events.onerror()");
            assertThat(text(page, "state")).isEqualTo("No connection; trying again.");
            assertThat(page.getElementById("state").getAttribute("class")).isEqualTo("bad");
            draw(page, admin);
            assertThat(text(page, "state")).isEqualTo("Ready");
        }
    }

    private static String operations(String... rows) {
        return NOTHING.replace("\"operations\":[]", "\"operations\":[" + String.join(",", rows) + "]");
    }

    private static String row(String deployment, int requests) {
        return """
                {"deployment":"%s","operation":"chat/completions","requests":%d,"recent":1,"tokens":0,"errors":[]}
                """.formatted(deployment, requests).strip();
    }

    private static HtmlPage open(WebClient browser, AdminGateway admin) throws IOException {
        HtmlPage page = browser.getPage("http://127.0.0.1:" + admin.adminPort() + "/");
        assertThat(page.getTitleText()).isEqualTo("Headgate");
        return page;
    }

    private static void draw(HtmlPage page, AdminGateway admin) throws IOException {
        draw(page, admin.get("/status").body());
    }

    private static void draw(HtmlPage page, String status) {
        page.executeJavaScript("events.onmessage({ data: JSON.stringify(" + status + ") })");
    }

    private static String text(HtmlPage page, String id) {
        return page.getElementById(id).getTextContent();
    }

    /** What stands in the rows of a table. */
    private static List<List<String>> cells(HtmlPage page, String id) {
        return page.querySelectorAll("#" + id + " tbody tr").stream()
                .map(row -> row.getChildNodes().stream()
                        .map(DomNode::getTextContent)
                        .toList())
                .toList();
    }
}
