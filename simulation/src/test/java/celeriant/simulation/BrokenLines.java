package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.model.After;
import celeriant.model.Append;
import celeriant.model.Limits;
import celeriant.wire.AppendsReader;
import celeriant.wire.BadBodyException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What a client would do if it took no answer for an answer, and what a gateway would do that loses its place. */
final class BrokenLines {
    private static final String NO_APPENDS = "\"appends\":[]}";

    private BrokenLines() {}

    /** A push whose answer did not come counts as this. */
    static Line unknownIs(World world, Device device, String verdict) {
        return new Line(world, device) {
            @Override
            public CompletionStage<Answer> send(Call call) {
                boolean push = call.uri().getPath().endsWith("/appends");
                return push
                        ? super.send(call).exceptionallyCompose(failure -> settled(call, verdict))
                        : super.send(call);
            }
        };
    }

    /** Who asks whether the log has everything is told so, and the log is not asked. */
    static Line asksNobody(World world, Device device) {
        return new Line(world, device) {
            @Override
            public CompletionStage<Answer> send(Call call) {
                return call.body() != null && new String(call.body(), StandardCharsets.UTF_8).endsWith(NO_APPENDS)
                        ? CompletableFuture.completedFuture(hasAll(device))
                        : super.send(call);
            }
        };
    }

    private static Http.Answer hasAll(Device device) {
        After settled = device.buffer().contents().settled();
        String head = settled == null
                ? "null"
                : "{\"sequence\":" + settled.sequence() + ",\"id\":\"" + settled.id() + "\",\"position\":0}";
        byte[] body = ("{\"results\":[],\"head\":" + head + "}").getBytes(StandardCharsets.UTF_8);
        return new Http.Answer(200, Map.of("content-type", "application/json"), body);
    }

    private static CompletionStage<Http.Answer> settled(Http.Call call, String verdict) {
        try {
            String results = AppendsReader.read(call.body(), Limits.DEFAULT).appends().stream()
                    .map(append -> result(append, verdict))
                    .collect(Collectors.joining(","));
            byte[] body = ("{\"results\":[" + results + "],\"head\":null}").getBytes(StandardCharsets.UTF_8);
            return CompletableFuture.completedFuture(
                    new Http.Answer(200, Map.of("content-type", "application/json"), body));
        } catch (BadBodyException e) {
            throw new AssertionError(e);
        }
    }

    private static String result(Append append, String verdict) {
        return "{\"id\":\"" + append.id() + "\",\"sequence\":" + append.sequence() + ",\"status\":\"" + verdict
                + "\",\"positions\":[1,1],\"versions\":{},\"problem\":{\"code\":\"access-denied\",\"status\":403}}";
    }

    /** The first text in the bytes that matches becomes another. */
    static byte[] replaced(byte[] bytes, String pattern, String by) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String other = text.replaceFirst(pattern, by);
        return other.equals(text) ? bytes : other.getBytes(StandardCharsets.ISO_8859_1);
    }
}
