package celeriant.client.gateway;

import celeriant.client.buffer.Cursor;
import celeriant.model.AggregateId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        text.append(text(agreement));
        if (waitSeconds > 0) {
            text.append("&live=poll&wait=").append(waitSeconds);
        }
        return text.toString();
    }

    /** What a client remembers of the log, to be put behind other parameters; null = nothing. */
    static String text(Cursor agreement) {
        StringBuilder text = new StringBuilder();
        if (agreement != null && agreement.log() != null) {
            text.append("&log=").append(encoded(agreement.log()));
        }
        if (agreement != null && agreement.checkHash() != null) {
            text.append("&check=").append(encoded(agreement.checkPosition() + ":" + agreement.checkHash()));
        }
        return text.toString();
    }

    /** The same in the body of a request. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("after", after);
        fields.put("aggregates", aggregates.stream().map(AggregateId::toString).toList());
        if (agreement != null && agreement.log() != null) {
            fields.put("log", agreement.log());
        }
        if (agreement != null && agreement.checkHash() != null) {
            fields.put("check", agreement.checkPosition() + ":" + agreement.checkHash());
        }
        return fields;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
