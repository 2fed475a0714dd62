package celeriant.log.embedded;

import celeriant.log.embedded.index.IndexStore;
import java.util.Arrays;

/** Does not find the last append of an aggregate. */
final class NoLastAppends extends StoreLayer {
    NoLastAppends(IndexStore below) {
        super(below);
    }

    @Override
    public Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to) {
        boolean isForTheLast = from[0] == 'A' && Arrays.equals(from, to);
        return isForTheLast ? super.cursor(to, to) : super.cursorAtFloor(lowest, from, to);
    }
}
