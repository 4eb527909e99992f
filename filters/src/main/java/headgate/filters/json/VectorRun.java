package headgate.filters.json;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Finds the end of a long run of plain bytes with the widest registers there are.
 *
 * <p>Only loaded where the module {@code jdk.incubator.vector} is present, which must be asked for; compiled apart, since the
 * compiler cannot be kept from warning of the module.
 */
final class VectorRun {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;

    private VectorRun() {}

    /** The first byte that is not plain, or a place less than a register's width before {@code to}. */
    static int end(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - SPECIES.length(); i += SPECIES.length()) {
            ByteVector vector = ByteVector.fromArray(SPECIES, bytes, i);
            VectorMask<Byte> marks = vector.compare(VectorOperators.LT, (byte) ' ')
                    .or(vector.compare(VectorOperators.EQ, (byte) '"'))
                    .or(vector.compare(VectorOperators.EQ, (byte) '\\'));
            if (marks.anyTrue()) {
                return i + marks.firstTrue();
            }
        }
        return i;
    }
}
