package celeriant.client;

/**
 * A pure fold of an aggregate's events into a state of the application's own: confirmed ones in the order of the log,
 * then the client's own that were not read back yet, on top. Those on top are applied again and again as what is below
 * moves on, so {@code apply} returns a new state and leaves the one it was given as it is.
 *
 * @param <S> the state
 */
public interface LiveProjection<S> {
    /** The state before the first event. */
    S initial();

    /** The state after {@code event}; must not look at a clock or at randomness. */
    S apply(S state, SeenEvent event);
}
