package celeriant.gateway.http;

import java.util.List;
import java.util.function.Consumer;

/** Goes through many things a few at a time, so that what else the loop has to do is not starved. */
public final class Slices {
    private static final int SLICE = 128;

    private Slices() {}

    /** Does {@code work} for each of {@code all}, which does not change any more: the first few of them at once. */
    public static <T> void of(Loop loop, List<T> all, Consumer<T> work) {
        slice(loop, all, 0, work);
    }

    private static <T> void slice(Loop loop, List<T> all, int from, Consumer<T> work) {
        int to = Math.min(all.size(), from + SLICE);
        for (int i = from; i < to; i++) {
            work.accept(all.get(i));
        }
        if (to < all.size()) {
            loop.later(() -> slice(loop, all, to, work));
        }
    }
}
