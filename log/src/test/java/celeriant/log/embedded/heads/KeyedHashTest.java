package celeriant.log.embedded.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The vectors of the reference implementation (vectors_sip128), and what a hash is for. */
class KeyedHashTest {
    private static final KeyedHash REFERENCE = new KeyedHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String hex(KeyedHash.Hash hash) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return HexFormat.of()
                .formatHex(bytes.putLong(hash.high()).putLong(hash.low()).array());
    }

    @Test
    void itIsTheReferencesHash() {
        assertEquals("a3817f04ba25a8e66df67214c7550293", hex(REFERENCE.of(counting(0))));
        assertEquals("da87c1d86b99af44347659119b22fc45", hex(REFERENCE.of(counting(1))));
    }

    @Test
    void everyByteAndTheLengthCount() {
        Set<KeyedHash.Hash> met = new HashSet<>();
        for (int length = 0; length < 40; length++) {
            met.add(REFERENCE.of(new byte[length]));
            for (int at = 0; at < length; at++) {
                byte[] bytes = new byte[length];
                bytes[at] = 1;
                met.add(REFERENCE.of(bytes));
            }
        }
        assertEquals(40 + 39 * 40 / 2, met.size());
    }

    @Test
    void anotherKeyGivesAnotherHash() {
        assertNotEquals(REFERENCE.of(counting(9)), new KeyedHash(0, 1).of(counting(9)));
    }
}
