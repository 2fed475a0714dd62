package celeriant.bench;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** This project's log in process: sequenced appends, as a client's replay makes them. */
final class EmbeddedStore implements AppendStore {
    private static final int KEYS = 1_000;
    private static final EventData DATA = EventData.json(AppendPeer.payload().getBytes(StandardCharsets.US_ASCII));

    private final EventLog log;
    private final String org;
    private final List<CallerState> callers = new ArrayList<>();

    private static final class CallerState {
        final ClientId client;
        final AggregateId aggregate;
        final SplittableRandom random;
        long sequence;

        CallerState(int number) {
            client = new ClientId("svc.bench-" + number);
            aggregate = new AggregateId("bench", "a-" + number);
            random = new SplittableRandom(number);
        }
    }

    EmbeddedStore(EventLog log, String org, int callersMax) {
        this.log = log;
        this.org = org;
        for (int i = 0; i < callersMax; i++) {
            callers.add(new CallerState(i));
        }
    }

    @Override
    public String name() {
        return "Celeriant, embedded";
    }

    @Override
    public CompletionStage<?> append(int caller, int count, boolean keyed) {
        CallerState state = callers.get(caller);
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(
                    keyed
                            ? Event.keyed(state.aggregate, "measured", "k" + state.random.nextInt(KEYS), DATA)
                            : Event.of(state.aggregate, "measured", DATA));
        }
        UUID id = new UUID(state.random.nextLong(), state.random.nextLong());
        Append append = Append.sequenced(id, ++state.sequence, events);
        return log.append(new AppendRequest(org, state.client, null, List.of(append), Caller.EMBEDDER))
                .thenAccept(EmbeddedStore::requireAppended);
    }

    private static void requireAppended(AppendOutcome outcome) {
        if (!(outcome instanceof AppendOutcome.Settled settled)
                || !(settled.results().get(0) instanceof AppendResult.Appended)) {
            throw new IllegalStateException("not appended: " + outcome);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
