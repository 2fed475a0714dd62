package celeriant.client.gateway;

import celeriant.model.AggregateId;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import celeriant.wire.RecordedReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns the bytes of a stream into messages. Confined to one thread. */
public final class StreamReader {
    private final SseParser parser = new SseParser();

    /** The messages that these bytes complete, in order. */
    public List<StreamMessage> push(byte[] bytes) throws NoAnswerException {
        List<StreamMessage> messages = new ArrayList<>();
        for (SseParser.Block block : parser.push(bytes)) {
            try {
                StreamMessage message = message(block);
                if (message != null) {
                    messages.add(message);
                }
            } catch (BadBodyException | ClassCastException | IllegalArgumentException e) {
                throw new NoAnswerException("a message of the stream is not understood: " + e.getMessage(), e);
            }
        }
        return messages;
    }

    private static StreamMessage message(SseParser.Block block) throws BadBodyException {
        long position = block.id() == null ? 0 : Long.parseLong(block.id());
        if (block.data() == null) {
            return block.id() == null ? null : new StreamMessage.Moved(position);
        }
        byte[] data = block.data().getBytes(StandardCharsets.UTF_8);
        return switch (block.name()) {
            case "", "message" -> new StreamMessage.Events(RecordedReader.readEvents(data), position);
            case "caught-up" -> caughtUp(object(data), position);
            case "agreed" -> {
                StreamMessage.CaughtUp at = caughtUp(object(data), position);
                yield new StreamMessage.Agreed(at.position(), at.log(), at.hash());
            }
            case "granted" -> {
                Map<?, ?> fields = object(data);
                yield new StreamMessage.Granted(aggregate(fields), (String) fields.get("level"), position);
            }
            case "revoked" -> new StreamMessage.Revoked(aggregate(object(data)), position);
            case "presence" -> presence(object(data));
            case "closing" -> new StreamMessage.Closing();
            // A name that this client does not know: what it must not miss has its place in the order.
            default -> block.id() == null ? null : new StreamMessage.Moved(position);
        };
    }

    private static StreamMessage.CaughtUp caughtUp(Map<?, ?> fields, long idPosition) {
        long position = fields.get("position") instanceof Long given ? given : idPosition;
        return new StreamMessage.CaughtUp(position, (String) fields.get("log"), (String) fields.get("hash"));
    }

    private static StreamMessage presence(Map<?, ?> fields) {
        byte[] data = new JsonBytes().value(fields.get("data")).toByteArray();
        return new StreamMessage.Presence(
                aggregate(fields), (String) fields.get("client"), (String) fields.get("instance"), data);
    }

    private static AggregateId aggregate(Map<?, ?> fields) {
        return AggregateId.parse((String) fields.get("aggregate"));
    }

    private static Map<?, ?> object(byte[] data) throws BadBodyException {
        return (Map<?, ?>) JsonTree.read(data);
    }
}
