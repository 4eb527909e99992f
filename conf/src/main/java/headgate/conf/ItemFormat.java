package headgate.conf;

import headgate.conf.BlocklistConfig.Item;
import headgate.conf.yaml.Format;
import org.jspecify.annotations.Nullable;

/** An item of a blocklist: words, or a regular expression that takes linear time. */
record ItemFormat(boolean isRegex) implements Format<Item> {
    @Override
    public @Nullable Item read(String text) {
        Item item = new Item(text, isRegex);
        return item.isValid() ? item : null;
    }

    @Override
    public String expected() {
        String what = isRegex ? "an RE2 expression that does not match the empty text" : "a text that is not blank";
        return what + ", of at most " + BlocklistConfig.PATTERN_CHARS_MAX + " characters";
    }

    @Override
    public String write(Item item) {
        return item.pattern();
    }
}
