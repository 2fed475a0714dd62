package celeriant.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's example. */
@Timeout(60)
@CeleriantTest
class OfflineBoardTest {
    private static final AggregateId BOARD = AggregateId.parse("canvas/board-1");

    @Test
    void whatIsDrawnOfflineIsInTheLogOnceTheNetworkIsBack(TestGateway gateway, TestDevice ann) throws Exception {
        ann.network().cut();
        Event painted = Event.keyed(BOARD, "cell-painted", "3,4", EventData.json("\"red\""));
        ann.client().append(painted).awaitLocal();
        ann.network().restore();
        ann.client().networkIsBack();
        ann.client().awaitSettled(Duration.ofSeconds(10));
        assertEquals(1, gateway.recorded(BOARD).size());
    }
}
