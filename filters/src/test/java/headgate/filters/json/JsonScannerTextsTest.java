package headgate.filters.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTextsTest {
    @Test
    void aChatsTextsAreItsContentsAndPartsButNotItsLabels() {
        assertThat(texts("""
                        {"model":"m","user":"u","messages":[
                          {"role":"user","name":"ann","content":"one"},
                          {"role":"user","content":[
                            {"type":"text","text":"two"},
                            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
                            {"type":"image_url","image_url":"https://x"},
                            {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
                            {"type":"file","file":{"file_id":"f","file_data":"AAAA"}}]},
                          {"role":"assistant","content":null,"refusal":"three","tool_calls":[
                            {"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"a\\":1}"}}]},
                          {"role":"tool","tool_call_id":"c1","content":"four"},
                          {"role":"assistant","function_call":{"name":"look","arguments":"{}"}}]}
                        """))
                .containsExactly(
                        "MESSAGE ann",
                        "MESSAGE one",
                        "MESSAGE two",
                        "MESSAGE three",
                        "TOOL look",
                        "TOOL {\\\"a\\\":1}",
                        "TOOL four",
                        "TOOL look",
                        "TOOL {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "developer", "s\\u0079stem"})
    void aMessageOfTheSystemIsItsWhereverItsRoleStands(String role) {
        assertThat(texts("{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"a\"},"
                        + "{\"content\":[{\"text\":\"b\"},{\"text\":\"c\"}],\"role\":\"" + role + "\"},"
                        + "{\"role\":\"user\",\"content\":\"d\"}]}"))
                .containsExactly("SYSTEM a", "SYSTEM b", "SYSTEM c", "MESSAGE d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "function", "to\\u006fl"})
    void whatAToolAnswersIsNotSaidByTheCallerWhereverItsRoleStands(String role) {
        assertThat(texts("{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"a\"},"
                        + "{\"content\":[{\"text\":\"b\"},{\"text\":\"c\"}],\"role\":\"" + role + "\"},"
                        + "{\"role\":\"tools\",\"content\":\"d\"},{\"role\":\"user\",\"content\":\"e\"}]}"))
                .containsExactly("TOOL a", "TOOL b", "TOOL c", "MESSAGE d", "MESSAGE e");
    }

    @Test
    void onlyTheRoleOfTheMessageItselfMakesItTheSystems() {
        assertThat(texts("{\"messages\":[{\"content\":[{\"role\":\"system\",\"text\":\"a\"}]}],"
                        + "\"prompt\":[{\"role\":\"system\",\"text\":\"b\"}]}"))
                .containsExactly("MESSAGE a", "PROMPT b");
    }

    @Test
    void whoSpeaksIsATextOfItsOwnKindAndCountsForNoLength() {
        Scan scan = Scan.of("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"x\"}]}");
        assertThat(scan.texts()).containsExactly("ROLE user", "MESSAGE a", "ROLE x");
        assertThat(scan.textBytes()).isEqualTo(1);
    }

    @Test
    void anInputsItemsAreReadLikeMessages() {
        assertThat(texts("""
                        {"instructions":"zero","input":[
                          {"type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"one"}]},
                          {"role":"developer","content":"two"},
                          {"type":"function_call","call_id":"c","id":"fc","name":"look","arguments":"{}"},
                          {"type":"function_call_output","call_id":"c","output":"three"},
                          {"type":"reasoning","encrypted_content":"AAAA","summary":[{"type":"summary_text","text":"four"}]}]}
                        """))
                .containsExactly(
                        "INSTRUCTIONS zero",
                        "INPUT one",
                        "SYSTEM two",
                        "INPUT look",
                        "TOOL {}",
                        "TOOL three",
                        "INPUT four");
    }

    @Test
    void eachTopLevelTextHasItsKind() {
        assertThat(
                        texts(
                                "{\"system\":\"a\",\"prompt\":[\"b\",\"c\"],\"input\":\"d\",\"instructions\":\"e\",\"suffix\":\"f\","
                                        + "\"prediction\":{\"type\":\"content\",\"content\":\"g\"},\"messages\":\"h\",\"metadata\":{\"prompt\":\"i\"}}"))
                .containsExactly(
                        "SYSTEM a",
                        "PROMPT b",
                        "PROMPT c",
                        "INPUT d",
                        "INSTRUCTIONS e",
                        "PROMPT f",
                        "MESSAGE g",
                        "MESSAGE h");
    }

    @Test
    void toolsAreReadWithTheNamesOfTheirParameters() {
        assertThat(texts("""
                        {"tools":[{"type":"function","function":{"name":"look","description":"Looks up","strict":true,
                          "parameters":{"type":"object","required":["city"],"properties":{
                            "city":{"type":"string","description":"where","enum":["Oslo"]},
                            "type":{"description":"hidden"}}}}}],
                         "tool_choice":{"type":"function","function":{"name":"look"}}}
                        """))
                .containsExactly(
                        "TOOL look",
                        "TOOL Looks up",
                        "TOOL type",
                        "TOOL required",
                        "TOOL city",
                        "TOOL properties",
                        "TOOL city",
                        "TOOL type",
                        "TOOL description",
                        "TOOL where",
                        "TOOL enum",
                        "TOOL Oslo",
                        "TOOL type",
                        "TOOL description",
                        "TOOL hidden",
                        "TOOL look");
    }

    @Test
    void theAnswersFormIsReadWithTheNamesOfItsSchema() {
        assertThat(
                        texts(
                                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"b\":\"c\"}}},"
                                        + "\"text\":{\"format\":{\"id\":\"d\",\"schema\":{}}},\"functions\":[{\"properties\":{\"url\":\"e\"}}]}"))
                .containsExactly("TOOL a", "TOOL b", "TOOL c", "TOOL d", "TOOL url", "TOOL e");
    }

    @Test
    void anExceptedNameHidesNoObjectBelowIt() {
        assertThat(
                        texts(
                                "{\"messages\":[{\"type\":[\"a\",{\"x\":\"b\"},\"c\"],\"url\":{\"y\":\"d\"},\"user_id\":\"e\",\"xid\":\"f\"}]}"))
                .containsExactly("MESSAGE b", "MESSAGE d", "MESSAGE f");
    }

    @Test
    void aNameExceptsNothingWhereItHasNoMeaning() {
        assertThat(
                        texts(
                                "{\"messages\":[{\"status\":\"x\",\"content\":[{\"status\":\"a\",\"url\":\"b\",\"data\":\"c\"}],"
                                        + "\"tool_calls\":[{\"id\":\"x\",\"function\":{\"arguments\":{\"url\":\"d\",\"x_id\":{\"type\":\"e\"}}}}]}],"
                                        + "\"prompt\":{\"id\":\"x\",\"variables\":{\"status\":\"f\",\"data\":\"g\",\"a_id\":\"h\",\"role\":"
                                        + "\"i\",\"j\":{\"type\":\"x\",\"text\":\"k\"}}},"
                                        + "\"input\":[{\"status\":\"x\",\"output\":{\"status\":\"l\",\"id\":\"m\",\"image_url\":\"x\"}}]}"))
                .containsExactly(
                        "MESSAGE a",
                        "MESSAGE b",
                        "MESSAGE c",
                        "TOOL url",
                        "TOOL d",
                        "TOOL x_id",
                        "TOOL type",
                        "TOOL e",
                        "PROMPT f",
                        "PROMPT g",
                        "PROMPT h",
                        "PROMPT i",
                        "PROMPT k",
                        "TOOL l",
                        "TOOL m");
    }

    @Test
    void whatIsNotKnownIsReadWithItsNames() {
        assertThat(
                        texts(
                                "{\"guided_json\":{\"type\":{\"a\":\"b\"}},\"chat_template\":\"c\",\"web_search_options\":{\"city\":\"d\"},"
                                        + "\"documents\":[{\"id\":\"e\"}],\"function_call\":{\"name\":\"f\"},"
                                        + "\"metadata\":{\"a\":\"x\"},\"user\":\"x\",\"reasoning\":{\"effort\":\"x\"},\"last_id\":\"x\"}"))
                .containsExactly(
                        "INSTRUCTIONS type",
                        "INSTRUCTIONS a",
                        "INSTRUCTIONS b",
                        "INSTRUCTIONS c",
                        "INSTRUCTIONS city",
                        "INSTRUCTIONS d",
                        "TOOL e",
                        "TOOL f");
    }

    @Test
    void ofWhatIsSearchedOnlyItsInstructionsAreRead() {
        assertThat(texts("{\"data_sources\":[{\"type\":\"azure_search\",\"parameters\":{\"endpoint\":\"https://s\","
                        + "\"authentication\":{\"type\":\"api_key\",\"key\":\"k\"},\"role_information\":\"a\"}}]}"))
                .containsExactly("INSTRUCTIONS a");
    }

    @Test
    void aVeryLongNameIsNoExceptionSoItsTextCounts() {
        String almost = "x".repeat(KnownName.LENGTH_MAX - 3) + "_id";
        byte[] body = ("{\"input\":{\"" + almost + "\":\"a\",\"x" + almost + "\":\"b\"}}").getBytes(UTF_8);
        JsonScanner scanner = new JsonScanner(8, 8);
        Scan whole = Scan.of(scanner, body);

        assertThat(whole.texts()).containsExactly("INPUT b");
        Splits.assertSame(scanner, body, whole);
    }

    @Test
    void textsAreMeasuredAsTheyAreWritten() {
        assertThat(Scan.of("{\"prompt\":[\"\",\"\\n\",\"\u00e9\",\"abc\"]}").textBytes())
                .isEqualTo(2 + 2 + 3);
    }

    @Test
    void aTextIsListedWhileItIsOpen() {
        assertThat(Scan.of("{\"prompt\":[\"a\",\"b").texts()).containsExactly("PROMPT a", "PROMPT ...");
    }

    private static List<String> texts(String text) {
        byte[] body = text.getBytes(UTF_8);
        JsonScanner scanner = new JsonScanner(16, 100);
        Scan whole = Scan.of(scanner, body);
        assertThat(whole.error()).isNull();
        Splits.assertSame(scanner, body, whole);
        return whole.texts().stream().filter(each -> !each.startsWith("ROLE ")).toList();
    }
}
