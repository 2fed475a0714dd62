package celeriant.client.gateway;

import celeriant.client.buffer.Cursor;
import celeriant.model.AggregateId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * A read of the merged log.
 *
 * @param agreement what the client remembers of the log, or null: sent along so that the gateway can see whether it
 *     still says the same
 * @param waitSeconds 0: answer at once
 */
public record LogQuery(long after, int limit, Collection<AggregateId> aggregates, Cursor agreement, int waitSeconds) {
    public LogQuery {
        aggregates = List.copyOf(aggregates);
    }

    String text() {
        StringBuilder text = new StringBuilder("after=").append(after);
        if (limit > 0) {
            text.append("&limit=").append(limit);
        }
        aggregates.forEach(aggregate -> text.append("&aggregate=").append(encoded(aggregate.toString())));
        if (agreement != null && agreement.log() != null) {
            text.append("&log=").append(encoded(agreement.log()));
        }
        if (agreement != null && agreement.checkHash() != null) {
            text.append("&check=").append(encoded(agreement.checkPosition() + ":" + agreement.checkHash()));
        }
        if (waitSeconds > 0) {
            text.append("&live=poll&wait=").append(waitSeconds);
        }
        return text.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
