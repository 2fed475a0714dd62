package celeriant.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** {@code XADD} to a Redis stream in RESP; an answer is one bulk string: {@code $<n>\r\n<id>\r\n}. */
final class RedisExchange implements Exchange {
    private final ByteBuffer request;

    RedisExchange(String stream, String data) {
        String[] words = {"XADD", stream, "*", "d", data};
        StringBuilder resp = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            resp.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        byte[] bytes = resp.toString().getBytes(StandardCharsets.US_ASCII);
        request = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    @Override
    public ByteBuffer nextRequest() {
        return request.clear();
    }

    @Override
    public int eventsPerRequest() {
        return 1;
    }

    @Override
    public boolean takeAnswer(ByteBuffer received) {
        if (received.hasRemaining() && received.get(received.position()) != '$') {
            throw new IllegalStateException("refused by redis");
        }
        int ends = 0;
        for (int i = received.position(); i < received.limit(); i++) {
            if (received.get(i) == '\n' && ++ends == 2) {
                received.position(i + 1);
                return true;
            }
        }
        return false;
    }
}
