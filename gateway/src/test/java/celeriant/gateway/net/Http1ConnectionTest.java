package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.BodyReceiver;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ConnectionTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nX-Standing: yes\r\nContent-Length: ";

    private final List<Carrier> asked = new ArrayList<>();
    private final Caller waiting = new Caller((head, carrier) -> asked.add(carrier));

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + String.join("", headers) + "\r\n";
    }

    private static String post(String path, String body, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n"
                + String.join("", headers) + "\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 4_096})
    void requestsAreReadWhereverTheyAreCut(int size) {
        Caller caller = new Caller(Caller::echo);
        String chunked = "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
        caller.send(get("/a") + post("/b", "body") + "\r\n" + chunked + get("/d"), size);
        assertEquals(
                ANSWER + "7\r\n\r\nGET /a " + ANSWER + "12\r\n\r\nPOST /b body" + ANSWER
                        + "20\r\n\r\nPUT /c abc0123456789" + ANSWER + "7\r\n\r\nGET /d ",
                caller.received());
        assertTrue(caller.isOpen());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4_096})
    void aHeadThatComesAgainIsReadLikeTheFirstTime(int size) {
        Caller caller = new Caller(Caller::echo);
        String same = post("/a", "body");
        String other = post("/a", "other", "X: y\r\n");
        caller.send(same + same + same + post("/b", "body") + same + other + other + same, size);
        String a = ANSWER + "12\r\n\r\nPOST /a body";
        String b = ANSWER + "12\r\n\r\nPOST /b body";
        String longer = ANSWER + "13\r\n\r\nPOST /a other";
        assertEquals(a + a + a + b + a + longer + longer + a, caller.received());
    }

    @Test
    void whatBeginsLikeTheHeadBeforeIsAnotherOne() {
        Caller caller = new Caller((head, carrier) -> Caller.answer(
                carrier, 200, head.headers().first("A") + head.headers().first("B")));
        caller.send(get("/", "A: 1\r\n").repeat(3));
        caller.received();
        caller.send(get("/", "A: 1\r\n", "B: 2\r\n") + get("/", "A: 2\r\n"));
        assertEquals(ANSWER + "2\r\n\r\n12" + ANSWER + "5\r\n\r\n2null", caller.received());
    }

    @Test
    void answersGoOutInTheOrderOfTheRequests() {
        waiting.send(get("/1") + get("/2") + get("/3"));
        assertEquals(1, asked.size(), "the next request is looked at when the one before has its answer");
        Caller.answer(asked.get(0), 200, "first");
        assertEquals(2, asked.size());
        Caller.answer(asked.get(0), 200, "again");
        Caller.answer(asked.get(1), 200, "second");
        Caller.answer(asked.get(2), 200, "third");
        assertEquals(
                ANSWER + "5\r\n\r\nfirst" + ANSWER + "6\r\n\r\nsecond" + ANSWER + "5\r\n\r\nthird", waiting.received());
    }

    @Test
    void aCallerThatSendsAheadIsReadNoFurtherThanItsRoom() {
        String more = get("/more").repeat(4_000);
        waiting.send(get("/1"));
        waiting.send(more, 16_384);
        assertFalse(waiting.isRead());
        while (asked.size() < 4_001) {
            Caller.answer(asked.get(asked.size() - 1), 200, "");
        }
        assertTrue(waiting.isRead());
    }

    @Test
    void aBodyWaitsUntilItIsAskedFor() {
        waiting.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
        waiting.send("x".repeat(200_000), 10_000);
        assertFalse(waiting.isRead(), "and no more of it is read than its room");
    }

    @Test
    void aBodyThatNobodyWantedIsPassedOver() {
        Caller caller = new Caller((head, carrier) -> Caller.answer(carrier, 200, head.path()));
        caller.send(post("/1", "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n") + get("/2"));
        assertEquals(ANSWER + "2\r\n\r\n/1" + ANSWER + "2\r\n\r\n/2", caller.received());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 33554433\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2000001\r\n"})
    void aCallerWhoseBodyIsTooLongToBePassedOverIsToldThatItIsLeft(String body) {
        Caller caller = new Caller(Http1ConnectionTest::refuse);
        caller.send("POST /1 HTTP/1.1\r\nHost: h\r\n" + body);
        String answer = caller.received();
        assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.contains("Connection: close\r\n"), answer);
        caller.send(get("/2"));
        assertEquals("", caller.received());
    }

    @Test
    void whatIsPassedOverIsCountedForEachRequest() {
        Caller caller = new Caller(Http1ConnectionTest::refuse);
        String body = "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 12000000\r\n\r\n" + "x".repeat(12_000_000);
        for (int i = 0; i < 3; i++) {
            caller.send(body);
            assertTrue(caller.received().startsWith("HTTP/1.1 413 "));
        }
        assertTrue(caller.isOpen());
    }

    /** Wants no body that is announced. */
    private static void refuse(RequestHead head, Carrier carrier) {
        if (head.headers().first("Content-Length") != null) {
            Caller.answer(carrier, 413, "no");
            return;
        }
        carrier.receiveBody(new BodyReceiver() {
            @Override
            public void announced(long length) {
                Caller.answer(carrier, 413, "no");
            }

            @Override
            public void take(byte[] bytes, int from, int length) {
                throw new AssertionError("it was refused");
            }

            @Override
            public void end() {
                throw new AssertionError("it was refused");
            }
        });
    }

    @Test
    void aCallerThatAsksToGoOnIsToldToWhenTheBodyIsWanted() {
        Caller caller = new Caller(Caller::echo);
        caller.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", caller.received());
        caller.send("body");
        assertEquals(ANSWER + "11\r\n\r\nPOST / body", caller.received());
    }

    @Test
    void aCallerThatAskedToGoOnAndWasRefusedIsNotTakenForSendingItsBody() {
        waiting.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        Caller.answer(asked.get(0), 401, "no");
        assertTrue(waiting.received().contains("Connection: close\r\n"));
        waiting.send(get("/2"));
        assertEquals(1, asked.size());
        assertEquals("", waiting.received());
    }

    @Test
    void aCallerThatWantsToCloseIsLeft() {
        Caller caller = new Caller(Caller::echo);
        caller.send(get("/1", "Connection: x, Close\r\n"));
        assertTrue(caller.received().contains("Connection: close\r\n"));
        assertFalse(caller.isOpen());
    }

    @Test
    void aCallerOfTheOldVersionIsLeftUnlessItAsksToStay() {
        Caller caller = new Caller(Caller::echo);
        caller.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertTrue(caller.received().contains("Connection: keep-alive\r\n"));
        assertTrue(caller.isOpen());
        caller.send("GET /1 HTTP/1.0\r\n\r\n");
        assertFalse(caller.isOpen());
    }

    @Test
    void piecesGoInChunksAndToTheOldVersionAsTheyAre() {
        waiting.send(get("/1"));
        stream(asked.get(0));
        assertEquals(
                "HTTP/1.1 200 OK\r\nX-Standing: yes\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
                waiting.received());
        assertTrue(waiting.isOpen());
        waiting.send("GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        stream(asked.get(1));
        assertEquals("HTTP/1.1 200 OK\r\nX-Standing: yes\r\nConnection: close\r\n\r\nhello world", waiting.received());
        assertFalse(waiting.isOpen(), "nothing else tells where it ends");
    }

    private static void stream(Carrier carrier) {
        carrier.begin(Caller.head(200));
        for (String piece : List.of("hello ", "", "world")) {
            carrier.write(Frame.of(piece.getBytes(StandardCharsets.UTF_8)));
        }
        carrier.end();
        carrier.write(Frame.of(new byte[1]));
    }

    @Test
    void aQuestionForTheHeadGetsNoBody() {
        Caller caller = new Caller((head, carrier) -> Caller.answer(carrier, 200, "body"));
        caller.send(get("/1").replace("GET", "HEAD") + get("/2"));
        assertEquals(ANSWER + "4\r\n\r\n" + ANSWER + "4\r\n\r\nbody", caller.received());
    }

    @Test
    void anAnswerWithoutABodyTellsNoLength() {
        waiting.send(get("/1"));
        Caller.answer(asked.get(0), 204, "");
        assertEquals("HTTP/1.1 204 No Content\r\nX-Standing: yes\r\n\r\n", waiting.received());
    }

    @Test
    void aHeaderOfOursCannotEndItsLine() {
        waiting.send(get("/1"));
        asked.get(0).answer(Caller.head(200).put("Location", "/a\r\nSet-Cookie: b"), new byte[0]);
        assertTrue(waiting.received().contains("Location: /a??Set-Cookie: b\r\n"));
    }

    @Test
    void whoStreamsHearsThatTheCallerHasGone() {
        AtomicInteger gone = new AtomicInteger();
        waiting.send(get("/1"));
        asked.get(0).onGone(gone::incrementAndGet);
        asked.get(0).begin(Caller.head(200));
        waiting.close();
        assertEquals(1, gone.get());
        assertTrue(asked.get(0).isGone());
    }

    @Test
    void aConnectionOnWhichNothingMovesIsClosed() {
        Caller caller = new Caller(Caller::echo);
        caller.send(get("/1"));
        assertTrue(caller.after(LoopConnections.IDLE_SECONDS).isOpen());
        assertFalse(caller.after(1).isOpen());
    }

    @Test
    void whoStopsFinishesWhatIsInFlight() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        waiting.send(get("/1") + get("/2"));
        waiting.connections().closeWhenIdle(closed);
        assertTrue(waiting.isOpen());
        Caller.answer(asked.get(0), 200, "done");
        assertTrue(waiting.received().contains("Connection: close\r\n\r\ndone"));
        assertFalse(waiting.isOpen());
        assertEquals(1, asked.size(), "and takes no more");
        assertEquals(0, closed.getCount());
    }
}
