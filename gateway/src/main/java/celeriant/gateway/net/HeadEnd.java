package celeriant.gateway.net;

/**
 * Finds where a request's head ends, as its bytes come, each of them looked at once: a caller that sends them one by
 * one costs no more. Lines end with CR LF and nothing else (RFC 9112 section 2.2 allows to refuse a bare LF), so that
 * nobody in between sees other lines than we do. Confined to its connection.
 */
final class HeadEnd {
    /** Room for a filter of a thousand aggregates whose ids are UUIDs; of longer names, fewer. */
    static final int LINE_BYTES_MAX = 64 * 1024;

    static final int HEADER_BYTES_MAX = 32 * 1024;

    private int looked;
    private int lineFrom;
    private int firstLineBytes;

    /**
     * The length of the head that begins at {@code from}, with its empty line; -1 if it has not all come.
     *
     * @param to where what has come so far ends; the bytes before it are the same as in the call before
     */
    int find(byte[] data, int from, int to) throws MalformedException {
        int at = from + looked;
        int line = from + lineFrom;
        while (at < to) {
            if (data[at] == '\n') {
                int length = at - 1 - line;
                if (length < 0 || data[at - 1] != '\r') {
                    throw MalformedException.of("A line ends with CR LF.");
                }
                if (length == 0) {
                    return end(from, at + 1);
                }
                line = at + 1;
                firstLineBytes = firstLineBytes == 0 ? length : firstLineBytes;
                requireFirstLine(firstLineBytes);
            }
            at++;
        }
        looked = at - from;
        lineFrom = line - from;
        requireRoom();
        return -1;
    }

    /** An empty line before the first one is passed over by {@link HeadParser}, one of them. */
    private int end(int from, int to) throws MalformedException {
        looked = to - from;
        requireRoom();
        reset();
        return to - from;
    }

    /** Whether nothing of the next head was looked at yet. */
    boolean isFresh() {
        return looked == 0;
    }

    private void requireRoom() throws MalformedException {
        if (firstLineBytes == 0) {
            requireFirstLine(looked);
        } else if (looked - firstLineBytes > HEADER_BYTES_MAX) {
            throw MalformedException.tooLarge("The header", HEADER_BYTES_MAX);
        }
    }

    private static void requireFirstLine(int length) throws MalformedException {
        if (length > LINE_BYTES_MAX) {
            throw MalformedException.tooLong(LINE_BYTES_MAX);
        }
    }

    private void reset() {
        looked = 0;
        lineFrom = 0;
        firstLineBytes = 0;
    }
}
