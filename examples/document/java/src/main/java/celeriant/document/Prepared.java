package celeriant.document;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one person, worked out beforehand: this player knows no CRDT, so that an update is bytes to it.
 *
 * <pre>
 *   file := people:u32 step*
 *   step := ancestors:u32[people]  length:u32  update:u8[length]      big-endian
 * </pre>
 *
 * Immutable.
 */
final class Prepared {
    /**
     * @param ancestors how many steps of each person must be here before it
     * @param update what is appended
     */
    record Step(int[] ancestors, byte[] update) {}

    private final List<Step> steps = new ArrayList<>();

    private Prepared() {}

    static Prepared read(Path file) throws IOException {
        Prepared prepared = new Prepared();
        byte[] bytes = Files.readAllBytes(file);
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes))) {
            int people = in.readInt();
            while (in.available() > 0) {
                int[] ancestors = new int[people];
                for (int person = 0; person < people; person++) {
                    ancestors[person] = in.readInt();
                }
                byte[] update = new byte[in.readInt()];
                in.readFully(update);
                prepared.steps.add(new Step(ancestors, update));
            }
        }
        return prepared;
    }

    int count() {
        return steps.size();
    }

    Step step(int index) {
        return steps.get(index);
    }
}
