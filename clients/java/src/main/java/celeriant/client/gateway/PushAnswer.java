package celeriant.client.gateway;

import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.Refusal;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The answer to appends of the general form.
 *
 * @param head null for a client that the log has not seen
 */
public record PushAnswer(List<Outcome> outcomes, ClientHead head) {
    /**
     * What came of one append.
     *
     * @param confirmation where it is in the log (now or before), or null
     * @param refusal why it is not, or null
     */
    public record Outcome(UUID id, Confirmation confirmation, Refusal refusal) {}

    static PushAnswer read(byte[] body) throws NoAnswerException {
        try {
            Map<?, ?> answer = (Map<?, ?>) JsonTree.read(body);
            List<Outcome> outcomes = new ArrayList<>();
            for (Object result : (List<?>) answer.get("results")) {
                outcomes.add(outcome((Map<?, ?>) result));
            }
            return new PushAnswer(outcomes, head((Map<?, ?>) answer.get("head")));
        } catch (BadBodyException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new NoAnswerException("the answer to a push is not understood", e);
        }
    }

    private static Outcome outcome(Map<?, ?> result) {
        UUID id = UUID.fromString((String) result.get("id"));
        String status = (String) result.get("status");
        if (status.equals("appended") || status.equals("duplicate")) {
            List<?> positions = (List<?>) result.get("positions");
            Map<AggregateId, Long> versions = new LinkedHashMap<>();
            ((Map<?, ?>) result.get("versions"))
                    .forEach((name, version) -> versions.put(AggregateId.parse((String) name), (Long) version));
            return new Outcome(id, new Confirmation((Long) positions.get(0), (Long) positions.get(1), versions), null);
        }
        if (!status.equals("rejected") && !status.equals("conflict")) {
            throw new IllegalArgumentException("an append that is " + status);
        }
        Map<?, ?> problem = (Map<?, ?>) result.get("problem");
        int httpStatus = problem.get("status") instanceof Long given ? given.intValue() : 0;
        return new Outcome(id, null, Refusal.of(problem, httpStatus));
    }

    private static ClientHead head(Map<?, ?> head) {
        return head == null
                ? null
                : new ClientHead((Long) head.get("sequence"), UUID.fromString((String) head.get("id")), (Long)
                        head.get("position"));
    }
}
