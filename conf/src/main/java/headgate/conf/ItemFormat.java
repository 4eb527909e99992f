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
        return Item.expected(isRegex);
    }

    @Override
    public String write(Item item) {
        return item.pattern();
    }
}
