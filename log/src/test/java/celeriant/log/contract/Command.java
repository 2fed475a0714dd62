package celeriant.log.contract;

import celeriant.log.AppendRequest;
import celeriant.log.DeleteRequest;
import celeriant.log.EventLog;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import java.util.concurrent.CompletionStage;

/** One write of a random history. */
sealed interface Command {
    /** Sends it; completes with the {@link Description} of the answer. */
    CompletionStage<String> send(EventLog log);

    record Append(AppendRequest request) implements Command {
        @Override
        public CompletionStage<String> send(EventLog log) {
            return log.append(request).thenApply(Description::of);
        }
    }

    record Trim(TrimRequest request) implements Command {
        @Override
        public CompletionStage<String> send(EventLog log) {
            return log.trim(request).thenApply(Description::of);
        }
    }

    record Delete(DeleteRequest request) implements Command {
        @Override
        public CompletionStage<String> send(EventLog log) {
            return log.delete(request).thenApply(Description::of);
        }
    }

    record Snapshot(SnapshotRequest request) implements Command {
        @Override
        public CompletionStage<String> send(EventLog log) {
            return log.putSnapshot(request).thenApply(Description::of);
        }
    }
}
