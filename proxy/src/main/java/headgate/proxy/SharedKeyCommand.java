package headgate.proxy;

import headgate.conf.ConfigException;
import headgate.conf.GatewayConfig;
import headgate.conf.KeyConfig;
import headgate.filters.identity.KeyText;
import headgate.filters.identity.RedisKeyTable;
import headgate.filters.redis.RedisLink;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about the keys in the Redis that the configuration names. */
abstract class SharedKeyCommand extends RedisCommand {
    private static final int SECRETS_MAX = 2;

    abstract void act(RedisKeyTable table, PrintWriter out) throws Refusal, ConfigException;

    @Override
    final void act(GatewayConfig config, RedisLink link, PrintWriter out) throws Refusal, ConfigException {
        act(new RedisKeyTable(link), out);
    }

    private static List<KeyConfig> list(RedisKeyTable table) {
        return wait(table.list());
    }

    private static @Nullable KeyConfig find(RedisKeyTable table, String name) {
        return list(table).stream()
                .filter(key -> key.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    private static KeyConfig require(RedisKeyTable table, String name) throws Refusal {
        KeyConfig key = find(table, name);
        if (key == null) {
            throw new Refusal("there is no key " + name + " in Redis");
        }
        return key;
    }

    private static void change(RedisKeyTable table, @Nullable KeyConfig before, @Nullable KeyConfig after)
            throws Refusal {
        if (!wait(table.change(before, after))) {
            throw new Refusal("somebody else has changed this key at the same time; nothing was done");
        }
    }

    private static KeyConfig with(KeyConfig key, List<String> sha256) {
        return new KeyConfig(
                key.name(), List.copyOf(sha256), key.expires(), key.deployments(), key.surfaces(), key.networks());
    }

    /** {@code headgate key add NAME [FILE]}. */
    @Command(
            name = "add",
            description = "Makes a key, stores its SHA-256 in Redis, and prints it. All nodes take it at once.",
            mixinStandardHelpOptions = true)
    static final class Add extends SharedKeyCommand {
        @Mixin
        private KeyOptions options = new KeyOptions();

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "configuration")
        private @Nullable Path file;

        @Override
        @Nullable
        Path file() {
            return file;
        }

        @Override
        void act(RedisKeyTable table, PrintWriter out) throws Refusal, ConfigException {
            String secret = KeyText.create();
            KeyConfig key = options.key(KeyText.sha256(secret));
            KeyConfig other = find(table, key.name());
            if (other != null) {
                throw new Refusal("there is a key " + other.name() + " already; rotate gives it another secret");
            }
            change(table, null, key);
            KeyCommand.print(secret, out);
        }
    }

    /** {@code headgate key list [FILE]}. */
    @Command(name = "list", description = "Lists the keys in Redis.", mixinStandardHelpOptions = true)
    static final class ListAll extends SharedKeyCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "configuration")
        private @Nullable Path file;

        @Override
        @Nullable
        Path file() {
            return file;
        }

        @Override
        void act(RedisKeyTable table, PrintWriter out) {
            list(table).stream()
                    .sorted(Comparator.comparing(KeyConfig::name))
                    .forEach(key -> out.print(KeyOptions.yaml(key).replaceFirst("keys:\n", "")));
            out.flush();
        }
    }

    /** {@code headgate key rotate NAME [FILE]}. */
    @Command(
            name = "rotate",
            description = "Gives a key a new secret beside the newest it has, and prints it. An older one ends.",
            mixinStandardHelpOptions = true)
    static final class Rotate extends SharedKeyCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "which key")
        private String name = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "configuration")
        private @Nullable Path file;

        @Override
        @Nullable
        Path file() {
            return file;
        }

        @Override
        void act(RedisKeyTable table, PrintWriter out) throws Refusal {
            KeyConfig before = require(table, name);
            String secret = KeyText.create();
            List<String> hashes = new ArrayList<>(before.sha256());
            hashes.add(KeyText.sha256(secret));
            int live = Math.max(0, hashes.size() - SECRETS_MAX);
            change(table, before, with(before, hashes.subList(live, hashes.size())));
            KeyCommand.print(secret, out);
        }
    }

    /** {@code headgate key revoke NAME [FILE]}. */
    @Command(
            name = "revoke",
            description = "Takes a key away, or one of its secrets. No node takes it a second later.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends SharedKeyCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "which key")
        private String name = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "configuration")
        private @Nullable Path file;

        @Option(names = "--secret", paramLabel = "SHA256", description = "which secret, by how its SHA-256 begins")
        private String secret = "";

        @Override
        @Nullable
        Path file() {
            return file;
        }

        @Override
        void act(RedisKeyTable table, PrintWriter out) throws Refusal {
            KeyConfig before = require(table, name);
            List<String> left = new ArrayList<>(before.sha256());
            left.removeIf(hash -> hash.startsWith(secret));
            if (left.size() == before.sha256().size()) {
                throw new Refusal("the key " + before.name() + " has no secret " + secret);
            }
            change(table, before, left.isEmpty() ? null : with(before, left));
            out.println(before.name() + ": " + (left.isEmpty() ? "no secret is left" : "one secret is left"));
            out.flush();
        }
    }
}
