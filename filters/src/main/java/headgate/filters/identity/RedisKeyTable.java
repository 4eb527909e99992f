package headgate.filters.identity;

import headgate.conf.KeyConfig;
import headgate.filters.redis.LuaScript;
import headgate.filters.redis.RedisLink;
import headgate.filters.redis.ScriptAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The keys in Redis: found by hash, changed as one step.
 *
 * <p>Every change gives the whole table another version, by which nodes see that what they remember may be wrong. The
 * version is drawn and not counted, so that a table restored from a copy never looks like a later one.
 */
public final class RedisKeyTable {
    private static final LuaScript FIND = LuaScript.beside(RedisKeyTable.class, "find-key.lua");
    private static final LuaScript LIST = LuaScript.beside(RedisKeyTable.class, "list-keys.lua");
    private static final LuaScript CHANGE = LuaScript.beside(RedisKeyTable.class, "change-key.lua");
    private static final String SLOT = "keys";

    /**
     * What is known of a hash.
     *
     * @param version of the table that says so; empty while nothing was ever put into it
     * @param key null when the hash is nobody's
     */
    record Found(String version, @Nullable KeyConfig key) {}

    private final RedisLink link;
    private final List<String> keys;

    /** The table in the Redis at the other end. */
    public RedisKeyTable(RedisLink link) {
        this.link = link;
        this.keys = List.of(link.key(SLOT, "version"), link.key(SLOT, "by-hash"), link.key(SLOT, "records"));
    }

    /** All keys, in no order; fails as {@link RedisLink#run} does. */
    public CompletionStage<List<KeyConfig>> list() {
        return link.run(LIST, keys.subList(2, 3)).thenApply(answer -> {
            List<KeyConfig> all = new ArrayList<>();
            for (int i = 0; i + 1 < answer.size(); i += 2) {
                all.add(KeyRecord.read(text(answer, i), text(answer, i + 1)));
            }
            return all;
        });
    }

    /**
     * Puts one key in the place of another of the same name; false when somebody else has changed it meanwhile.
     *
     * @param before the key as it was listed; null to add one
     * @param after the key as it is to be; null to take it away
     */
    public CompletionStage<Boolean> change(@Nullable KeyConfig before, @Nullable KeyConfig after) {
        List<String> arguments = new ArrayList<>();
        arguments.add(before == null ? after == null ? "" : after.name() : before.name());
        arguments.add(before == null ? "" : KeyRecord.write(before));
        arguments.add(after == null ? "" : KeyRecord.write(after));
        arguments.add(UUID.randomUUID().toString());
        List<String> gone = before == null ? List.of() : before.sha256();
        arguments.add(Integer.toString(gone.size()));
        arguments.addAll(gone);
        arguments.addAll(after == null ? List.of() : after.sha256());
        return link.run(CHANGE, keys, arguments.toArray(String[]::new)).thenApply(answer -> answer.number(0) == 1);
    }

    /** What there is by this hash. */
    CompletionStage<Found> find(KeyHash hash) {
        return link.run(FIND, keys, hash.hex()).thenApply(answer -> {
            String record = answer.text(2);
            return new Found(text(answer, 0), record == null ? null : KeyRecord.read(text(answer, 1), record));
        });
    }

    /** The version of the table; empty while nothing was ever put into it. */
    CompletionStage<String> version() {
        return link.run(FIND, keys, "").thenApply(answer -> text(answer, 0));
    }

    private static String text(ScriptAnswer answer, int index) {
        String text = answer.text(index);
        return text == null ? "" : text;
    }
}
