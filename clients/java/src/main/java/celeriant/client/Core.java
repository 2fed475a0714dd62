package celeriant.client;

import celeriant.client.gateway.Requests;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Brings answers back to the client's thread. Whoever asked names the session in which it did; an answer that comes
 * when that is over is dropped but where it settles something, so that nothing old can move what is new. Confined to
 * the client's thread but for the posting itself.
 */
final class Core {
    private final Executor thread;
    private long session;

    /** @param thread runs what it is given on the client's thread, in order */
    Core(Executor thread) {
        this.thread = thread;
    }

    /** Ends the session, and begins another one as far as answers are concerned. */
    void nextSession() {
        session++;
    }

    void post(Runnable work) {
        thread.execute(work);
    }

    /** The same; {@code late} has the answer if the session is over by then. */
    <T> void await(CompletionStage<T> stage, Consumer<T> answer, Consumer<Throwable> failure, Consumer<T> late) {
        long asked = session;
        stage.whenComplete((value, failed) -> thread.execute(() -> {
            if (asked != session && failed == null) {
                late.accept(value);
            } else if (asked == session && failed == null) {
                answer.accept(value);
            } else if (asked == session) {
                failure.accept(Requests.causeOf(failed));
            }
        }));
    }

    /** Hands the answer or the failure over on the client's thread, if the session is still the same then. */
    <T> void await(CompletionStage<T> stage, Consumer<T> answer, Consumer<Throwable> failure) {
        await(stage, answer, failure, late -> {});
    }
}
