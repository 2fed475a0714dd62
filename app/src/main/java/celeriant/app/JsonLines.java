package celeriant.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

/**
 * One message as one line of JSON:
 *
 * <pre>{"time":"2026-01-01T12:00:00Z","level":"INFO","logger":"celeriant.app.Server","message":"serving","url":"…"}
 * </pre>
 *
 * with {@code fault} where there is a stack trace. A value of the message's own never takes the place of these five.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final int FAULT_CHARS_MAX = 16_384;

    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("message", event.getFormattedMessage());
        IThrowableProxy fault = event.getThrowableProxy();
        if (fault != null) {
            String text = ThrowableProxyUtil.asString(fault);
            line.put("fault", text.substring(0, Math.min(text.length(), FAULT_CHARS_MAX)));
        }
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.putIfAbsent(pair.key, String.valueOf(pair.value));
            }
        }
        byte[] text = json.writeValueAsBytes(line);
        byte[] ended = Arrays.copyOf(text, text.length + 1);
        ended[text.length] = '\n';
        return ended;
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
