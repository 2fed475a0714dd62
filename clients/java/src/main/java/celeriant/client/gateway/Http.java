package celeriant.client.gateway;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The client's only way to the network. Any thread; its answers may come on any thread too. */
public interface Http extends AutoCloseable {
    /**
     * A request.
     *
     * @param body null if it has none
     * @param timeoutMillis for the head of the answer
     */
    record Call(String method, URI uri, Map<String, String> headers, byte[] body, long timeoutMillis) {}

    /** An answer; the names of its headers are in lower case. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        /** A header, or null. */
        public String header(String lowerCaseName) {
            return headers.get(lowerCaseName);
        }

        /** Whether the status is one of success. */
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /** Sends and collects the answer; fails with {@link NoAnswerException} when none comes, or half of one. */
    CompletionStage<Answer> send(Call call);

    /**
     * Sends, and if the answer is a success hands its body over piece by piece; the answer that is returned then has an
     * empty body. Any other answer is collected as by {@link #send}.
     */
    CompletionStage<Answer> stream(Call call, StreamReceiver receiver);

    /** A connection may be dead, though nobody said so: what is sent from now on goes by new ones. */
    default void leaveConnections() {}

    /** Receives the body of a stream; one call at a time. */
    interface StreamReceiver {
        /** Called first, before the answer is handed over. */
        void opened(OpenStream stream);

        /** The next bytes. No more come until {@link OpenStream#next} is called. */
        void bytes(byte[] bytes);

        /** The end; {@code failure} is null when the other side ended it in order. */
        void ended(Throwable failure);
    }

    /** A stream that is being read. */
    interface OpenStream {
        /** The last bytes were taken. */
        void next();

        /** No more is wanted. */
        void cancel();
    }

    @Override
    default void close() {}
}
