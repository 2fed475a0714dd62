package celeriant.simulation;

/** A law of the world was broken. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }

    static void unless(boolean holds, String law, Object... about) {
        if (!holds) {
            StringBuilder text = new StringBuilder(law);
            for (Object one : about) {
                text.append(' ').append(one);
            }
            throw new Violation(text.toString());
        }
    }
}
