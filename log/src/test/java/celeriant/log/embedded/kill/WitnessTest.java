package celeriant.log.embedded.kill;

import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.EventLog;
import celeriant.log.contract.LogFixture;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.ClientId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The witness notices what it is there for. */
class WitnessTest {
    private static final ClientId CLIENT = new ClientId("seq0");

    private final Witness witness = new Witness();
    private EventLog log;

    @BeforeEach
    void openALogWithOneAppend() {
        log = new InMemoryEventLog();
        LogFixture.await(log.append(
                LogFixture.request(CLIENT, LogFixture.numbered(1, LogFixture.fact(LogFixture.BOARD, "drawn")))));
    }

    private static String ack(long number, long position) {
        return "ack seq0 " + number + " " + LogFixture.id(number) + " " + position + " " + position;
    }

    @Test
    void whatIsThereIsFound() {
        witness.hear(ack(1, 1));
        witness.compare(log);
        witness.hear(ack(1, 1));
    }

    @Test
    void aLostAppendIsNoticed() {
        witness.hear(ack(1, 1));
        witness.hear(ack(2, 2));
        assertThrows(AssertionError.class, () -> witness.compare(log));
    }

    @Test
    void anAppendAtAnotherPlaceIsNoticed() {
        witness.hear(ack(1, 2));
        assertThrows(AssertionError.class, () -> witness.compare(log));
    }

    @Test
    void aChangedPastIsNoticed() {
        witness.hear("head 1 " + "0".repeat(64));
        assertThrows(AssertionError.class, () -> witness.compare(log));
    }

    @Test
    void aLogThatEndsEarlierIsNoticed() {
        witness.compare(log);
        assertThrows(AssertionError.class, () -> witness.compare(new InMemoryEventLog()));
    }

    @Test
    void anAppendThatFailedIsNoticed() {
        assertThrows(AssertionError.class, () -> witness.hear("failed IllegalStateException seq0 1"));
    }
}
