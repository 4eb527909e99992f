package headgate.filters.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Marks the bytes of a window with the widest registers there are.
 *
 * <p>Only loaded where the module {@code jdk.incubator.vector} is present, which must be asked for; compiled apart, since the
 * compiler cannot be kept from warning of the module.
 */
final class VectorMarks {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;

    private VectorMarks() {}

    /** The last register goes on behind {@code length}. */
    static void mark(byte[] bytes, int length, byte[] marks) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            ByteVector vector = ByteVector.fromArray(SPECIES, bytes, i);
            VectorMask<Byte> found = vector.compare(VectorOperators.LT, (byte) ' ')
                    .or(vector.compare(VectorOperators.EQ, (byte) '"'))
                    .or(vector.compare(VectorOperators.EQ, (byte) '\\'));
            WORD.set(marks, i / Byte.SIZE, found.toLong());
        }
    }
}
