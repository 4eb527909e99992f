package headgate.filters.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message, as they came: one array of bytes and the places in it.
 *
 * <p>No map, and no string until somebody asks: most fields are only copied on, line by line. Immutable once parsed.
 */
public final class HeaderFields {
    /** The fields of a message that has none. */
    public static final HeaderFields NONE = new HeaderFields(new byte[0], 0);

    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int PLACES = 4;

    private final byte[] bytes;
    private int[] places;
    private @Nullable HeaderName[] names;
    private int size;
    /** Whether a {@code Connection} field says more than how long the connection is to last. */
    private boolean namesFields;

    HeaderFields(byte[] bytes, int expected) {
        this.bytes = bytes;
        this.places = new int[expected * PLACES];
        this.names = new @Nullable HeaderName[expected];
    }

    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2 + 8);
            places = Arrays.copyOf(places, names.length * PLACES);
        }
        int place = size * PLACES;
        places[place + NAME_START] = nameStart;
        places[place + NAME_END] = nameEnd;
        places[place + VALUE_START] = valueStart;
        places[place + VALUE_END] = valueEnd;
        names[size] = HeaderName.of(bytes, nameStart, nameEnd);
        if (names[size] == HeaderName.CONNECTION) {
            namesFields |= !valueIs(size, "keep-alive") && !valueIs(size, "close");
        }
        size++;
    }

    /** How many fields there are. */
    public int size() {
        return size;
    }

    /** The name of field {@code i} where it is a known one, else null. */
    public @Nullable HeaderName name(int i) {
        return names[i];
    }

    /** The name of field {@code i} in lower case. */
    public String nameText(int i) {
        return text(i, NAME_START, NAME_END).toLowerCase(Locale.ROOT);
    }

    /** The value of field {@code i}, one char for each byte, without the white space around it. */
    public String valueText(int i) {
        return text(i, VALUE_START, VALUE_END);
    }

    /** The place of the first field of this name, or -1. */
    public int find(HeaderName name) {
        return find(name, 0);
    }

    /** The place of the first field of this name at {@code from} or after, or -1. */
    public int find(HeaderName name, int from) {
        for (int i = from; i < size; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return -1;
    }

    /** The value of the first field of this name, or null. */
    public @Nullable String value(HeaderName name) {
        int i = find(name);
        return i < 0 ? null : valueText(i);
    }

    /** Whether the value of field {@code i} is this text, whatever its case. */
    public boolean valueIs(int i, String lowerCase) {
        int start = places[i * PLACES + VALUE_START];
        int length = places[i * PLACES + VALUE_END] - start;
        return length == lowerCase.length() && HeaderName.equalsIgnoreCase(lowerCase, bytes, start);
    }

    /** Whether the comma-separated values of all fields of this name have this element, whatever its case. */
    public boolean lists(HeaderName name, String element) {
        for (int i = find(name); i >= 0; i = find(name, i + 1)) {
            for (String listed : valueText(i).split(",", -1)) {
                if (listed.strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the {@code Connection} field makes field {@code i} one of this connection only. */
    public boolean isNamedByConnection(int i) {
        return namesFields && lists(HeaderName.CONNECTION, nameText(i));
    }

    /** Whether the name of field {@code i} has an underscore, which some upstreams would take for a hyphen. */
    public boolean hasUnderscore(int i) {
        for (int at = places[i * PLACES]; at < places[i * PLACES + NAME_END]; at++) {
            if (bytes[at] == '_') {
                return true;
            }
        }
        return false;
    }

    /** Writes field {@code i} with its line end, its bytes as they came. */
    public void writeLine(int i, ByteBuf out) {
        int start = places[i * PLACES];
        out.writeBytes(bytes, start, places[i * PLACES + VALUE_END] - start);
        out.writeShort('\r' << 8 | '\n');
    }

    /** The bytes of the value of field {@code i}, copied. */
    public byte[] valueBytes(int i) {
        return Arrays.copyOfRange(bytes, places[i * PLACES + VALUE_START], places[i * PLACES + VALUE_END]);
    }

    private String text(int i, int from, int to) {
        int start = places[i * PLACES + from];
        return new String(bytes, start, places[i * PLACES + to] - start, StandardCharsets.ISO_8859_1);
    }
}
