package celeriant.log.embedded.commit;

/** Waits for the end of a thread, whoever interrupts meanwhile; the interruption is kept. */
public final class ThreadEnd {
    private ThreadEnd() {}

    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
