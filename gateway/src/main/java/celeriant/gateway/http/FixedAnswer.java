package celeriant.gateway.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An answer that is the same for everybody, packed once in each way that callers take it. Any thread. */
public final class FixedAnswer {
    private final Answer answer;
    private final Map<Coding, Answer> packed = new ConcurrentHashMap<>();

    FixedAnswer(Answer answer) {
        this.answer = answer;
    }

    /** Sends it as the caller likes it best: on the event loop only. */
    public void send(Exchange exchange) {
        Coding coding = Coding.worthIt(answer, exchange.listHeader("Accept-Encoding"));
        exchange.send(coding == null ? answer : packed.computeIfAbsent(coding, way -> way.pack(answer)));
    }
}
