package headgate.conf;

import headgate.conf.yaml.Format;
import org.jspecify.annotations.Nullable;

/** A network, {@code ADDRESS/BITS}, or one address. */
record NetworkFormat() implements Format<Network> {
    @Override
    public @Nullable Network read(String text) {
        return Network.read(text);
    }

    @Override
    public String expected() {
        return "a network such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7, with no bit set behind its prefix";
    }
}
