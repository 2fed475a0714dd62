package celeriant.log.contract;

import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * The seeds of a random test: {@code -Dceleriant.seed=17} is that one alone, {@code -Dceleriant.seeds=5000} the first
 * so many, or so many from {@code -Dceleriant.from=5001} on. A failing seed prints the command that replays it.
 */
public final class Seeds {
    private static final int DEFAULT = 20;

    private Seeds() {}

    /** @param test {@code Class#method}, as the replay command names it */
    public static void each(String test, LongConsumer run) {
        each(test, DEFAULT, run);
    }

    /** The same, of which each takes its time. @param seeds where nothing else is said */
    public static void each(String test, int seeds, LongConsumer run) {
        Long one = Long.getLong("celeriant.seed");
        long from = Long.getLong("celeriant.from", 1);
        LongStream each = one != null
                ? LongStream.of(one)
                : LongStream.range(from, from + Integer.getInteger("celeriant.seeds", seeds));
        each.forEach(seed -> {
            try {
                run.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\nreplay: mvn -pl log -am test -Dceleriant.seed="
                                + seed + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=" + test,
                        e);
            }
        });
    }
}
