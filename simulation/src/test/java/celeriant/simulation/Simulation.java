package celeriant.simulation;

import java.util.function.LongFunction;

/** One seed from its beginning to its rest. */
final class Simulation {
    private Simulation() {}

    /** @throws Violation when a law is broken */
    static void run(long seed, LongFunction<World> worlds) {
        World world = worlds.apply(seed);
        Story story = new Story(world);
        story.run();
        new Rest(world, story.aggregates()).come();
    }

    static void run(long seed) {
        run(seed, World::new);
    }
}
