package celeriant.log.embedded;

/** The machine went down in the middle of a call to the disk. */
final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1;

    SimulatedCrash() {
        super("simulated crash");
    }
}
