package headgate.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormatTest {
    @ParameterizedTest
    @CsvSource({
        "9,",
        "10, 10",
        "11, 11",
        "99, 99",
        "100, 100",
        "101,",
        "010,",
        "1e1,",
        "+10,",
        "-10,",
        "1_0,",
        "0x10,",
        "9999999999,",
        "'',",
        "' 10',"
    })
    void a_count_is_digits_within_its_bounds(String text, @Nullable Integer count) {
        assertThat(new CountFormat(10, 100).read(text)).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({
        "9,",
        "10, 10",
        "1000000000000, 1000000000000",
        "1000000000001,",
        "010,",
        "1e1,",
        "-10,",
        "9999999999999999999,",
        "'',"
    })
    void an_amount_is_digits_within_wider_bounds(String text, @Nullable Long amount) {
        assertThat(new AmountFormat(10, 1_000_000_000_000L).read(text)).isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource({
        "511B,",
        "511,",
        "512B, 512",
        "512, 512",
        "1KiB, 1024",
        "1MiB, 1048576",
        "1048577,",
        "2MiB,",
        "1GiB,",
        "1KB,",
        "1kib,",
        "1 KiB,",
        "1.5KiB,",
        "KiB,",
        "-1KiB,",
        "999999999999999999GiB,",
        "'',"
    })
    void a_size_is_a_whole_number_of_a_unit_within_its_bounds(String text, @Nullable Long bytes) {
        assertThat(new SizeFormat(512, SizeFormat.MIB).read(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "1, 1B", "1023, 1023B", "1024, 1KiB", "1025, 1025B", "67108864, 64MiB", "1073741824, 1GiB"})
    void a_size_is_written_in_the_largest_unit_that_fits(long bytes, String text) {
        SizeFormat format = new SizeFormat(0, Long.MAX_VALUE);

        assertThat(format.write(bytes)).isEqualTo(text);
        assertThat(format.read(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "499ms,", "500ms, 500", "1s, 1000", "60s, 60000", "1m, 60000", "60001ms,", "61s,", "2m,", "1h,",
        "5,", "0.5s,", "1 s,", "1S,", "s,", "1d,", "-1s,", "999999999999h,", "'',"
    })
    void a_duration_is_a_whole_number_of_a_unit_within_its_bounds(String text, @Nullable Long millis) {
        Duration expected = millis == null ? null : Duration.ofMillis(millis);

        assertThat(new DurationFormat(Duration.ofMillis(500), Duration.ofMinutes(1)).read(text))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "1, 1ms", "75000, 75s", "1740000, 29m", "3600000, 1h", "86400000, 24h"})
    void a_duration_is_written_in_the_largest_unit_that_fits(long millis, String text) {
        DurationFormat format = new DurationFormat(Duration.ZERO, Duration.ofDays(1));

        assertThat(format.write(Duration.ofMillis(millis))).isEqualTo(text);
        assertThat(format.read(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, http://h",
        "https://h/, https://h",
        "https://h/v1//, https://h/v1",
        "https://10.0.0.1:1/a/b, https://10.0.0.1:1/a/b",
        "http://[::1]:65535/v1, http://[::1]:65535/v1",
        "HTTP://Host/%41, HTTP://Host/%41"
    })
    void a_url_keeps_its_path_and_loses_the_slashes_at_its_end(String text, String url) {
        assertThat(new UrlFormat().read(text)).isEqualTo(URI.create(url));
    }

    @Test
    void a_url_has_at_most_2048_characters() {
        String base = "http://h/";

        assertThat(new UrlFormat().read(base + "a".repeat(2048 - base.length())))
                .isNotNull();
        assertThat(new UrlFormat().read(base + "a".repeat(2049 - base.length())))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"h:0, h, 0", "0.0.0.0:65535, 0.0.0.0, 65535", "[::]:80, ::, 80", "a-b.example:1, a-b.example, 1"})
    void an_address_has_a_host_and_a_port(String text, String host, int port) {
        InetSocketAddress address = new AddressFormat().read(text);

        assertThat(address).isEqualTo(InetSocketAddress.createUnresolved(host, port));
        assertThat(new AddressFormat().write(InetSocketAddress.createUnresolved(host, port)))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "h", "h:", ":1", "h:65536", "h:1:2", "::1:80", "[h]:80", "[]:80", "h/:80", "-h:80", "a b:1"})
    void an_address_that_is_none_is_refused(String text) {
        assertThat(new AddressFormat().read(text)).isNull();
    }

    @Test
    void a_word_is_matched_exactly() {
        WordFormat<String> format = new WordFormat<>(List.of("drop", "error"), word -> word);

        assertThat(format.read("drop")).isEqualTo("drop");
        assertThat(format.read("Drop")).isNull();
        assertThat(format.read("")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "deplyoments, deployments",
        "DEPLOYMENTS, deployments",
        "listener, listeners",
        "lisen, listen",
        "x,",
        "'',"
    })
    void the_nearest_word_is_suggested_when_it_is_near(String written, @Nullable String word) {
        List<String> words = List.of("listen", "listeners", "deployments");

        assertThat(Spelling.hint(written, words)).isEqualTo(word == null ? "" : " (did you mean " + word + "?)");
    }
}
