package celeriant.gateway.stream;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.EventFilter;
import celeriant.model.AggregateId;
import celeriant.wire.JsonBytes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What one subscriber is told of presences: those of aggregates that its filter has and that it may see. Nothing is
 * kept for a reader that is full but the names of what it missed. Confined to the subscriber's event loop.
 */
final class PresenceFeed {
    /**
     * Names of missed presences that are kept for a full reader at most; beyond that it is told the current ones only.
     */
    private static final int MISSED_MAX = 1_000;

    private final Exchange exchange;
    private final Presences presences;
    private final AccessService access;
    private final EventFilter filter;
    private final Consumer<byte[]> writer;
    private final Map<AggregateId, Boolean> readable = new HashMap<>();
    /** Empty and shared until something is missed. */
    private Set<Presences.Key> missed = Set.of();

    private boolean started;

    PresenceFeed(
            Exchange exchange, Presences presences, AccessService access, EventFilter filter, Consumer<byte[]> writer) {
        this.exchange = exchange;
        this.presences = presences;
        this.access = access;
        this.filter = filter;
        this.writer = writer;
    }

    /** The reader is caught up: it is told who is there, and then what changes. */
    void start() {
        started = true;
        presences.present(exchange.org(), filter::covers).forEach(key -> tell(key, false));
    }

    /** A presence changed; {@code full}: the reader takes nothing at the moment. */
    void changed(Presences.Key key, boolean full) {
        if (started && filter.covers(key.aggregate())) {
            tell(key, full);
        }
    }

    /** The reader takes something again. */
    void drained() {
        Set<Presences.Key> keys = missed;
        missed = Set.of();
        keys.forEach(key -> tell(key, false));
    }

    /** The reader's right on the aggregate changed. */
    void rightChanged(AggregateId aggregate) {
        if (readable.remove(aggregate) != null) {
            presences.present(exchange.org(), aggregate::equals).forEach(key -> tell(key, false));
        }
    }

    private void tell(Presences.Key key, boolean full) {
        Boolean known = readable.get(key.aggregate());
        if (known == null) {
            lookUp(key.aggregate());
        } else if (known && full) {
            miss(key);
        } else if (known) {
            writer.accept(message(key));
        }
    }

    private void miss(Presences.Key key) {
        if (missed.isEmpty()) {
            missed = new LinkedHashSet<>();
        }
        if (missed.size() < MISSED_MAX) {
            missed.add(key);
        }
    }

    private byte[] message(Presences.Key key) {
        JsonBytes data = new JsonBytes();
        data.raw('{').name("aggregate").string(key.aggregate().toString());
        data.name("client").string(key.client().value());
        data.name("instance").string(key.instance());
        data.name("data");
        presences.data(exchange.org(), key).ifPresentOrElse(data::raw, data::nullValue);
        return SseText.named("presence", -1, data.raw('}'));
    }

    /** Asks the log whether the reader may see the aggregate, and then tells what is there. */
    private void lookUp(AggregateId aggregate) {
        readable.put(aggregate, false);
        Principal principal = exchange.principal();
        try {
            exchange.onWorker(() -> {
                boolean may = access.level(exchange.org(), principal, aggregate) != null;
                exchange.loop().run(() -> {
                    readable.put(aggregate, may);
                    if (may) {
                        presences.present(exchange.org(), aggregate::equals).forEach(key -> tell(key, false));
                    }
                });
            });
        } catch (RefusedException busy) {
            readable.remove(aggregate);
        }
    }
}
