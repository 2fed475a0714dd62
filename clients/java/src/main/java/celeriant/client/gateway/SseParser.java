package celeriant.client.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Server-Sent Events from the bytes of a response (WHATWG HTML section 9.2). Unlike a browser's EventSource it also
 * gives blocks that carry only an id, which move a cursor on. Confined to one thread.
 */
final class SseParser {
    /**
     * One block.
     *
     * @param name of the event; empty for an unnamed one
     * @param data null if it has none
     * @param id null if it has none
     */
    record Block(String name, String data, String id) {}

    /** One block is shorter: an append as JSON, with what the log adds to each of its events. */
    static final int BLOCK_BYTES_MAX = 16 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    /** What came since the last block. */
    private long length;

    private boolean afterCarriageReturn;
    private String name = "";
    private StringBuilder data;
    private String id;

    /** The blocks that these bytes complete, in order; fails for one that is too long. */
    List<Block> push(byte[] bytes) throws NoAnswerException {
        length += bytes.length;
        if (length > BLOCK_BYTES_MAX) {
            throw new NoAnswerException("a message of the stream is too long");
        }
        List<Block> blocks = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte c = bytes[i];
            if (c != '\n' && c != '\r') {
                afterCarriageReturn = false;
                continue;
            }
            boolean secondHalf = c == '\n' && afterCarriageReturn;
            afterCarriageReturn = c == '\r';
            if (!secondHalf) {
                line.write(bytes, from, i - from);
                endOfLine(line.toString(StandardCharsets.UTF_8), blocks);
                line.reset();
            }
            from = i + 1;
        }
        line.write(bytes, from, bytes.length - from);
        return blocks;
    }

    private void endOfLine(String text, List<Block> blocks) {
        if (text.isEmpty()) {
            endOfBlock(blocks);
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        String value = rest.startsWith(" ") ? rest.substring(1) : rest;
        switch (field) {
            case "event" -> name = value;
            case "id" -> id = value;
            case "data" ->
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            default -> {
                // Fields of a later version, and `retry`, which is the loop's own business.
            }
        }
    }

    private void endOfBlock(List<Block> blocks) {
        if (data != null || id != null || !name.isEmpty()) {
            blocks.add(new Block(name, data == null ? null : data.toString(), id));
        }
        name = "";
        data = null;
        id = null;
        length = 0;
    }
}
