package celeriant.log.embedded.index;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * For how many days the index remembers ids of appends, which is what their buckets are numbered by: with another
 * number of days, ids would be looked for, and let go, in buckets of others.
 */
public final class AppendIdDays {
    private AppendIdDays() {}

    /** Whether the index has these days; one that does not say so is told. */
    public static boolean agree(IndexStore store, int days) {
        byte[] wanted = ByteBuffer.allocate(Integer.BYTES).putInt(days).array();
        byte[] stored = store.value(IndexKeys.appendIdDays());
        if (stored != null) {
            return Arrays.equals(stored, wanted);
        }
        try (IndexStore.Batch batch = store.batch()) {
            batch.put(IndexKeys.appendIdDays(), wanted);
            batch.write();
        }
        return true;
    }
}
