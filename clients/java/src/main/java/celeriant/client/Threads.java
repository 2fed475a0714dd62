package celeriant.client;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where a client's work runs: its core on one thread, what applications are told on another. {@link OwnThreads} is the
 * real one; a simulation runs both by hand.
 */
interface Threads extends Executor {
    /** The loop that steps after whatever was executed, and when something is due. */
    void start(SyncLoop loop);

    /** Runs work on the client's thread, in order. */
    @Override
    void execute(Runnable work);

    /** Lets the loop step: there is something for it to look at. */
    void wake();

    /** Runs work on the client's thread and waits for what it gives. */
    <T> T call(Supplier<T> work);

    /** Runs what applications are told. */
    Executor teller();

    /** Runs what was executed, steps once more, and ends. */
    void end();
}
