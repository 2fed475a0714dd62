package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Admission;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.log.OutcomeUnknownException;
import celeriant.log.SnapshotRequest;
import celeriant.log.embedded.index.RocksIndexStore;
import celeriant.log.embedded.verify.Verify;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write that cannot be stored as it is stops nobody else, and what was settled of it is read back as it was told. */
class PoisonWriteTest {
    private static final EmbeddedConfig CONFIG = EmbeddedConfig.DEFAULT.withFreeBytesMin(0);
    private static final int HUGE = 70 << 20;

    @TempDir
    private Path folder;

    private static AppendOutcome outcome(EventLog log, AppendRequest request) {
        return log.append(request)
                .toCompletableFuture()
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }

    private static AppendResult result(EventLog log, AppendRequest request) {
        return assertInstanceOf(AppendOutcome.Settled.class, outcome(log, request))
                .results()
                .getFirst();
    }

    private static void assertGoesOn(EventLog log) {
        long before = log.head(ORG).position();
        assertInstanceOf(AppendResult.Appended.class, result(log, request(BEN, online(before + 99, fact(BOARD, "a")))));
    }

    private static Map<String, Object> nested(int depth) {
        return depth == 0 ? Map.of() : Map.of("in", nested(depth - 1));
    }

    @Test
    void aRejectionOfAnySizeAndKindIsSettledAndReadBack() throws Exception {
        List<Problem> problems = List.of(
                Problem.of(ErrorCode.BAD_REQUEST, "x".repeat(HUGE)),
                Problem.of(ErrorCode.BAD_REQUEST, "many")
                        .with("errors", new ArrayList<>(Collections.nCopies(100_000, "y".repeat(1000)))),
                Problem.of(ErrorCode.BAD_REQUEST, "none").with("pointer", null),
                Problem.of(ErrorCode.BAD_REQUEST, "none in a list").with("errors", Arrays.asList("a", null)),
                Problem.of(ErrorCode.BAD_REQUEST, "odd").with("errors", Optional.of("x")),
                Problem.of(ErrorCode.BAD_REQUEST, "deep").with("errors", nested(2000)));
        List<AppendResult> told = new ArrayList<>();
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (int i = 1; i <= problems.size(); i++) {
                told.add(result(log, request(ANA, Append.faulty(id(i), i, problems.get(i - 1)))));
                assertGoesOn(log);
            }
        }
        assertEquals(List.of(), Verify.folder(folder).findings());
        RocksIndexStore.delete(folder.resolve("index"));
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (int i = 1; i <= problems.size(); i++) {
                Append again = Append.faulty(id(i), i, problems.get(i - 1));
                AppendResult.Rejected first = assertInstanceOf(AppendResult.Rejected.class, told.get(i - 1));
                assertEquals(first, result(log, request(ANA, again)));
                assertTrue(first.problem()
                        .detail()
                        .startsWith(problems.get(i - 1).detail().substring(0, 3)));
            }
        }
    }

    @Test
    void anAdmissionThatAddsMoreThanARecordHoldsFailsThatAppendAlone() throws Exception {
        AggregateId beside = new AggregateId("$beside", "b");
        List<Event> tooMuch = List.of(Event.of(beside, "$noted", EventData.binary(new byte[HUGE])));
        Admission admission = (request, append, view) ->
                request.client().equals(ANA) ? new Admission.Admitted(tooMuch) : Admission.Verdict.ADMITTED;
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG, admission)) {
            AppendRequest request = request(ANA, numbered(1, fact(BOARD, "a")));
            CompletionException thrown = assertThrows(CompletionException.class, () -> outcome(log, request));
            assertInstanceOf(OutcomeUnknownException.class, thrown.getCause());
            assertGoesOn(log);
            assertEquals(1, log.head(ORG).position());
        }
        assertEquals(List.of(), Verify.folder(folder).findings());
    }

    @Test
    void aSnapshotHasAContentType() {
        assertThrows(
                NullPointerException.class,
                () -> new SnapshotRequest(
                        ORG, BOARD, 1, null, new byte[1], false, new ExpectedVersion.Any(), Caller.EMBEDDER));
    }

    @Test
    void whatTheIndexWouldTakeForAnotherNameIsRefused() throws Exception {
        EventData data = EventData.json("1");
        List<Event> odd = List.of(
                Event.keyed(BOARD, "set", "\uD800", data),
                Event.keyed(BOARD, "set", "a\uDC00", data),
                Event.of(new AggregateId("canvas\0x", "y"), "set", data),
                Event.of(new AggregateId("canvas", "\uD800"), "set", data));
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (Event event : odd) {
                AppendOutcome.Refused refused =
                        assertInstanceOf(AppendOutcome.Refused.class, outcome(log, request(BEN, online(1, event))));
                assertEquals(ErrorCode.BAD_REQUEST, refused.problem().code());
            }
            Event pair = Event.keyed(BOARD, "set", "\uD83D\uDE00\0", data);
            assertInstanceOf(AppendResult.Appended.class, result(log, request(BEN, online(2, pair))));
        }
    }
}
