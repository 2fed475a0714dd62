package celeriant.simulation;

import celeriant.client.LiveProjection;
import celeriant.client.SeenEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The numbers in the events of an aggregate, in their order; each stands in it once. */
record Numbers(Device device) implements LiveProjection<List<Long>> {
    @Override
    public List<Long> initial() {
        return List.of();
    }

    @Override
    public List<Long> apply(List<Long> state, SeenEvent seen) {
        Long number = numberIn(seen.event().data().bytes());
        if (number == null) {
            return state;
        }
        Violation.unless(!state.contains(number), "an event counts once at every moment:", number, device);
        List<Long> longer = new ArrayList<>(state);
        longer.add(number);
        return longer;
    }

    /** Null for data that is no number of ours. */
    static Long numberIn(byte[] data) {
        String text = new String(data, StandardCharsets.US_ASCII);
        return text.matches("[0-9]+") ? Long.valueOf(text) : null;
    }
}
