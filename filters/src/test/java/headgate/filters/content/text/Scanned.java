package headgate.filters.content.text;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Action;
import headgate.conf.ContentFilterConfig.ListUse;
import headgate.conf.ContentFilterConfig.Mode;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Pattern;
import headgate.conf.ContentFilterConfig.PatternUse;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.TextScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Texts and what was found in them. */
final class Scanned {
    private Scanned() {}

    static PolicyRules words(boolean matchCase, boolean lookalikes, String... words) {
        List<ListUse> lists = new ArrayList<>();
        for (String word : words) {
            lists.add(use(new BlocklistConfig(word, matchCase, lookalikes, false, List.of(new Item(word, false)))));
        }
        return rules(lists, List.of(), 100);
    }

    static PolicyRules expressions(int charactersMax, String... expressions) {
        List<ListUse> lists = new ArrayList<>();
        for (String one : expressions) {
            lists.add(use(new BlocklistConfig(one, false, false, false, List.of(new Item(one, true)))));
        }
        return rules(lists, List.of(), charactersMax);
    }

    static PolicyRules patterns(Pattern... patterns) {
        return rules(
                List.of(),
                Arrays.stream(patterns)
                        .map(pattern -> new PatternUse(pattern, Source.PROMPT, Action.MASK))
                        .toList(),
                100);
    }

    /** What is found, as {@code name[start,end)}, by reading parts of such lengths; the rest is one part. */
    static List<String> found(TextScan scan, byte[] raw, int... parts) {
        scan.begin();
        int at = 0;
        long decided = 0;
        List<String> before = List.of();
        for (int i = 0; i <= parts.length; i++) {
            int length = i < parts.length ? parts[i] : raw.length - at;
            byte[] part = Arrays.copyOfRange(raw, at, at + length);
            scan.read(part, 0, length);
            at += length;
            before = check(scan, decided, before);
            decided = Math.max(decided, scan.decided());
        }
        scan.end();
        return check(scan, decided, before);
    }

    /** What lies in front of what was decided stays as it is. */
    private static List<String> check(TextScan scan, long decided, List<String> before) {
        List<String> now = matches(scan);
        for (int i = 0; i < now.size(); i++) {
            if (scan.matchStart(i) < decided && !before.contains(now.get(i))) {
                throw new AssertionError(now.get(i) + " was found behind " + decided + " that was decided");
            }
        }
        return now;
    }

    private static List<String> matches(TextScan scan) {
        List<String> matches = new ArrayList<>();
        for (int i = 0; i < scan.matchCount(); i++) {
            matches.add(scan.matchRule(i).name() + "[" + scan.matchStart(i) + "," + scan.matchEnd(i) + ")");
        }
        return matches;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The inside of a JSON string, some of it escaped. */
    static byte[] raw(String text, Random random, int escapedPercent) {
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean half = Character.isSurrogate(c);
            if (half || c < ' ' || c == '"' || c == '\\' || random.nextInt(100) < escapedPercent) {
                raw.append(c == '\n' && random.nextBoolean() ? "\\n" : String.format("\\u%04x", (int) c));
            } else {
                raw.append(c);
            }
        }
        return utf8(raw.toString());
    }

    private static ListUse use(BlocklistConfig list) {
        return new ListUse(list, Source.PROMPT, true);
    }

    private static PolicyRules rules(List<ListUse> lists, List<PatternUse> patterns, int charactersMax) {
        ContentFilterConfig policy =
                new ContentFilterConfig("strict", Mode.DEFAULT, Outage.OPEN, Set.of(), List.of(), lists, patterns);
        return PolicyRules.of(policy, Source.PROMPT, BlocklistConfig::items, charactersMax);
    }
}
