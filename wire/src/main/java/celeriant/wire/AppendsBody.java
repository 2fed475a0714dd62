package celeriant.wire;

import celeriant.model.After;
import celeriant.model.Append;
import java.util.List;

/**
 * The body of the general form of append, well formed as a whole: all appends have sequences that rise by 1 or none has
 * one, and no id comes twice. An append with a fault of its own carries it ({@link Append#fault}).
 *
 * @param after the append that the client names as the one before the first; null if it said null, or nothing, which it
 *     may only where the appends have no sequences
 */
public record AppendsBody(After after, List<Append> appends) {
    public AppendsBody {
        appends = List.copyOf(appends);
    }
}
