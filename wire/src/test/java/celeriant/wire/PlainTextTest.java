package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static int slowly(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] < ' ' || in[i] == '"' || in[i] == '\\') {
                return i;
            }
        }
        return to;
    }

    @Test
    void every_byte_at_every_place_of_a_word_is_told_apart() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 19; place++) {
                byte[] in = new byte[19];
                Arrays.fill(in, (byte) '~');
                in[place] = (byte) value;
                for (int from = 0; from < 3; from++) {
                    assertEquals(slowly(in, from, 19), PlainText.end(in, from, 19), value + " at " + place);
                }
            }
        }
    }

    @Test
    void neighbours_do_not_hide_one_another() {
        Random random = new Random(5);
        byte[] in = new byte[24];
        for (int round = 0; round < 200_000; round++) {
            for (int i = 0; i < in.length; i++) {
                in[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 32 + random.nextInt(64));
            }
            assertEquals(slowly(in, 0, in.length), PlainText.end(in, 0, in.length));
        }
    }
}
