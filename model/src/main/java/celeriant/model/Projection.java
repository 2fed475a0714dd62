package celeriant.model;

/** A pure fold of events in log order: the same events give the same state, on every machine. */
public interface Projection<S> {
    /** The state before the first event. */
    S initial();

    /** The state after {@code recorded}; may reuse {@code state}, must not look at a clock or at randomness. */
    S apply(S state, RecordedEvent recorded);
}
