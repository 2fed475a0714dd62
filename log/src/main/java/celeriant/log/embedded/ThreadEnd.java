package celeriant.log.embedded;

/** Waits for the end of a thread, whoever interrupts meanwhile; the interruption is kept. */
final class ThreadEnd {
    private ThreadEnd() {}

    static void await(Thread thread) {
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
