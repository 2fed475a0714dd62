package celeriant.log.embedded.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Files of some bytes that are written as a whole, with a check of all of them inside. */
public final class SmallFile {
    private SmallFile() {}

    /**
     * Puts the check of {@code content} into it, and the whole in the place of the file, durable: after a crash there
     * is the old file or the new one.
     *
     * @param checkAt where the four bytes of the check are; they count as 0
     */
    public static void replace(Disk disk, String name, ByteBuffer content, int checkAt) throws IOException {
        content.putInt(checkAt, check(content, checkAt));
        String temporary = name + ".new";
        if (disk.list().contains(temporary)) {
            disk.delete(temporary);
        }
        try (Disk.DiskFile file = disk.create(temporary)) {
            file.write(content.clear(), 0);
            file.force();
        }
        disk.rename(temporary, name);
        disk.syncFolder();
    }

    /** Whether the check in {@code content} is that of its bytes. */
    public static boolean isIntact(ByteBuffer content, int checkAt) {
        return content.getInt(checkAt) == check(content, checkAt);
    }

    private static int check(ByteBuffer content, int checkAt) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate().limit(checkAt).position(0));
        crc.update(new byte[Integer.BYTES]);
        crc.update(content.duplicate().clear().position(checkAt + Integer.BYTES));
        return (int) crc.getValue();
    }
}
