package celeriant.client.buffer;

import celeriant.client.buffer.StoredRegisters.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Registers in pages: a database costs per row, not per byte. A page is entries one behind the other, in the order of
 * their keys:
 *
 * <pre>
 *   int32 length of the key | int32 length of the value | key, UTF-8 | value, the register's JSON
 * </pre>
 *
 * Integers are big-endian. Stateless: any thread.
 */
final class RegisterPages {
    private static final int ENTRIES_MAX = 100;
    /** A page ends with the entry that makes it as long as this. */
    private static final int BYTES_FULL = 64 << 10;

    private static final int HEAD_BYTES = 2 * Integer.BYTES;

    private RegisterPages() {}

    /** Some registers of a page. */
    private static final class Page {
        private final List<Slot> slots = new ArrayList<>();
        private final List<byte[]> keys = new ArrayList<>();
        private int bytes;

        void add(Slot slot) {
            byte[] key = slot.key().getBytes(StandardCharsets.UTF_8);
            slots.add(slot);
            keys.add(key);
            bytes += HEAD_BYTES + key.length + slot.to() - slot.from();
        }

        boolean isFull() {
            return slots.size() == ENTRIES_MAX || bytes >= BYTES_FULL;
        }

        byte[] toBytes() {
            ByteBuffer out = ByteBuffer.allocate(bytes);
            for (int i = 0; i < slots.size(); i++) {
                Slot slot = slots.get(i);
                int length = slot.to() - slot.from();
                out.putInt(keys.get(i).length).putInt(length).put(keys.get(i));
                out.put(slot.page(), slot.from(), length);
            }
            return out.array();
        }
    }

    /** The pages of these, which are in the order of their keys. */
    static List<byte[]> write(Iterable<Slot> registers) {
        List<byte[]> pages = new ArrayList<>();
        Page page = new Page();
        for (Slot slot : registers) {
            page.add(slot);
            if (page.isFull()) {
                pages.add(page.toBytes());
                page = new Page();
            }
        }
        if (!page.slots.isEmpty()) {
            pages.add(page.toBytes());
        }
        return pages;
    }

    /** Adds what is in a page. */
    static void read(byte[] page, List<Slot> slots) {
        ByteBuffer in = ByteBuffer.wrap(page);
        try {
            while (in.hasRemaining()) {
                int keyLength = in.getInt();
                int length = in.getInt();
                String key = new String(page, in.position(), keyLength, StandardCharsets.UTF_8);
                int from = in.position() + keyLength;
                in.position(from + length);
                slots.add(new Slot(key, page, from, from + length));
            }
        } catch (RuntimeException e) {
            throw new BufferException.UnknownFormat("the buffer holds a page of registers that is not understood", e);
        }
    }
}
