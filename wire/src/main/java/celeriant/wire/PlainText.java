package celeriant.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Runs of text in which nothing has a meaning to JSON: ASCII but for the quote, the backslash and control characters.
 * Eight bytes are looked at in one step, since most of a body is such text. Pure.
 */
final class PlainText {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private PlainText() {}

    /** The first place from {@code from} on, below {@code to}, that is not plain; {@code to} if there is none. */
    static int end(byte[] in, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && isPlain((long) EIGHT.get(in, at))) {
            at += Long.BYTES;
        }
        while (at < to && in[at] >= ' ' && in[at] != '"' && in[at] != '\\') {
            at++;
        }
        return at;
    }

    /**
     * Whether all eight bytes are plain. A byte below a bound borrows from its high bit when the bound is taken away; a
     * borrow may reach the next byte, but only above one that is not plain itself.
     */
    private static boolean isPlain(long eight) {
        long quotes = eight ^ QUOTES;
        long backslashes = eight ^ BACKSLASHES;
        long found = eight | eight - SPACES | quotes - ONES & ~quotes | backslashes - ONES & ~backslashes;
        return (found & HIGH_BITS) == 0;
    }
}
