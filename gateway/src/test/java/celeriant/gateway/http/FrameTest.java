package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameTest {
    private final Frame frame = Frame.shared("0123456789abcdefg".getBytes(StandardCharsets.US_ASCII));

    @Test
    void eachReaderHasAViewOfItsOwnOnTheSameBytes() {
        ByteBuf one = frame.chunk();
        ByteBuf other = frame.chunk();
        one.skipBytes(one.readableBytes());
        assertTrue(one.isDirect());
        assertEquals("11\r\n0123456789abcdefg\r\n", other.toString(StandardCharsets.US_ASCII));
        assertEquals(one.memoryAddress(), other.memoryAddress());
        assertFalse(one.release(), "the bytes stay for the next reader");
        assertEquals("11\r\n0123456789abcdefg\r\n", frame.chunk().toString(StandardCharsets.US_ASCII));
    }

    @Test
    void itKnowsWhetherItIsForMoreThanOne() {
        assertTrue(frame.isShared());
        assertFalse(Frame.of(new byte[1]).isShared());
    }
}
