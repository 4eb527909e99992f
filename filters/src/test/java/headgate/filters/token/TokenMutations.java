package headgate.filters.token;

import java.util.Arrays;
import java.util.Random;

/** Makes small changes to bytes, as slips and attackers do. */
final class TokenMutations {
    private static final byte[] TELLING = Forge.bytes(".{}[]\",:=-_0AeE\\u\u00ff");

    private TokenMutations() {}

    /** One to three changes. */
    static byte[] ofText(byte[] text, Random random) {
        byte[] mutated = text;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutated = once(mutated, random);
        }
        return mutated;
    }

    private static byte[] once(byte[] text, Random random) {
        if (text.length < 2) {
            return TELLING.clone();
        }
        int at = random.nextInt(text.length);
        int to = at + random.nextInt(Math.min(64, text.length - at) + 1);
        byte[] copy = text.clone();
        switch (random.nextInt(7)) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy[at] = TELLING[random.nextInt(TELLING.length)];
            case 2 -> copy[at] = (byte) random.nextInt(256);
            case 3 -> {
                return join(Arrays.copyOf(text, at), Arrays.copyOfRange(text, to, text.length));
            }
            case 4 -> {
                byte[] inserted = {TELLING[random.nextInt(TELLING.length)]};
                return join(join(Arrays.copyOf(text, at), inserted), Arrays.copyOfRange(text, at, text.length));
            }
            case 5 -> {
                return join(Arrays.copyOf(text, to), Arrays.copyOfRange(text, at, text.length));
            }
            default -> {
                return Arrays.copyOf(text, at);
            }
        }
        return copy;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
