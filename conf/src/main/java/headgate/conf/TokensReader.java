package headgate.conf;

import static headgate.conf.yaml.SizeFormat.KIB;
import static headgate.conf.yaml.SizeFormat.MIB;

import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.SizeFormat;

/** The bounds on tokens. */
final class TokensReader {
    private TokensReader() {}

    static TokensConfig read(Section tokens) {
        return new TokensConfig(
                size(tokens, "bytes", KIB, 64 * KIB, 16 * KIB),
                tokens.read("jsonDepth", new CountFormat(2, 32), 8),
                tokens.read("headerMembers", new CountFormat(4, 64), 16),
                tokens.read("remembered", new CountFormat(0, 1_000_000), 10_000),
                size(tokens, "documentBytes", KIB, 4 * MIB, 256 * KIB));
    }

    private static int size(Section tokens, String key, long min, long max, long otherwise) {
        return Math.toIntExact(tokens.read(key, new SizeFormat(min, max), otherwise));
    }
}
