package celeriant.simulation;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Logs whose decisions break what a log promises, each in one way. */
final class BrokenLogs {
    private BrokenLogs() {}

    private static AppendRequest withoutSequences(AppendRequest of, UnaryOperator<List<Append>> change) {
        List<Append> appends = new ArrayList<>();
        of.appends().forEach(append -> {
            if (append.fault() == null) {
                appends.add(Append.online(append.id(), append.events(), Map.of()));
            }
        });
        return new AppendRequest(of.org(), of.client(), null, change.apply(appends), of.caller());
    }

    private static AppendOutcome asIfSettled(AppendRequest request) {
        List<AppendResult> results = new ArrayList<>();
        request.appends()
                .forEach(append ->
                        results.add(new AppendResult.Duplicate(append.id(), append.sequence(), 1, 1, Map.of())));
        Append last = request.appends().get(request.appends().size() - 1);
        return new AppendOutcome.Settled(results, new ClientHead(last.sequence(), last.id(), 1));
    }

    private static boolean isRefused(AppendOutcome outcome, ErrorCode code) {
        return outcome instanceof AppendOutcome.Refused refused
                && refused.problem().code() == code;
    }

    /** Takes another append at a sequence that is settled for the same. */
    static WitnessedLog seesNoForks(World world) {
        return new WitnessedLog(Server.admission(), world.schedule(), world.chance(), world.laws()) {
            @Override
            public CompletionStage<AppendOutcome> append(AppendRequest request) {
                return super.append(request)
                        .thenApply(outcome ->
                                isRefused(outcome, ErrorCode.CLIENT_FORKED) ? asIfSettled(request) : outcome);
            }
        };
    }

    /** Takes what follows a gap. */
    static WitnessedLog seesNoGaps(World world) {
        return new WitnessedLog(Server.admission(), world.schedule(), world.chance(), world.laws()) {
            @Override
            public CompletionStage<AppendOutcome> append(AppendRequest request) {
                return super.append(request).thenCompose(outcome -> {
                    if (!isRefused(outcome, ErrorCode.SEQUENCE_GAP)) {
                        return CompletableFuture.completedFuture(outcome);
                    }
                    return super.append(withoutSequences(request, appends -> appends))
                            .thenApply(taken -> asIfSettled(request));
                });
            }
        };
    }

    /** Records again what it has recorded before. */
    static WitnessedLog recordsDuplicates(World world) {
        return new WitnessedLog(Server.admission(), world.schedule(), world.chance(), world.laws()) {
            @Override
            public CompletionStage<AppendOutcome> append(AppendRequest request) {
                return super.append(request).thenCompose(outcome -> {
                    boolean again = outcome instanceof AppendOutcome.Settled settled
                            && !settled.results().isEmpty()
                            && settled.results().stream().allMatch(AppendResult.Duplicate.class::isInstance)
                            && request.appends().get(0).sequence() > 0;
                    return again
                            ? super.append(withoutSequences(request, appends -> appends))
                                    .thenApply(taken -> outcome)
                            : CompletableFuture.completedFuture(outcome);
                });
            }
        };
    }

    /** Records the appends of a request in the wrong order. */
    static WitnessedLog recordsBackwards(World world) {
        return new WitnessedLog(Server.admission(), world.schedule(), world.chance(), world.laws()) {
            @Override
            public CompletionStage<AppendOutcome> append(AppendRequest request) {
                if (request.appends().size() < 2 || request.appends().get(0).sequence() == 0) {
                    return super.append(request);
                }
                return super.append(withoutSequences(request, appends -> {
                            Collections.reverse(appends);
                            return appends;
                        }))
                        .thenApply(taken -> asIfSettled(request));
            }
        };
    }

    /** The log as it should be. */
    static WitnessedLog sound(World world) {
        return new WitnessedLog(Server.admission(), world.schedule(), world.chance(), world.laws());
    }
}
