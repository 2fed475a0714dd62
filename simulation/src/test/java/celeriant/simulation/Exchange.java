package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.NoAnswerException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** One request on its way, and the answer on its way back: whole, or piece by piece for a stream. */
final class Exchange implements Served.Taker, Http.OpenStream {
    private static final int QUEUE_BYTES_MAX = 64 * 1024;

    private final Line line;
    private final Http.StreamReceiver receiver;
    private final CompletableFuture<Http.Answer> answered;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private Served served;
    private int status;
    private Map<String, String> headers = Map.of();
    private boolean streams;
    private long queuedBytes;
    private boolean wanted;
    private boolean moving;
    private boolean ended;
    private boolean over;

    Exchange(Line line, Http.StreamReceiver receiver, CompletableFuture<Http.Answer> answered) {
        this.line = line;
        this.receiver = receiver;
        this.answered = answered;
    }

    /** A repeated request, whose answer nobody hears. */
    static Exchange unheard(Line line) {
        return new Exchange(line, null, null);
    }

    void servedBy(Served by) {
        served = by;
        if (over) {
            line.world.server().done(served);
        }
    }

    @Override
    public void head(int newStatus, Map<String, String> newHeaders) {
        status = newStatus;
        headers = Map.copyOf(newHeaders);
        Violation.unless(status != 500, "the gateway has no faults of its own");
        streams = receiver != null && status == 200;
        if (streams) {
            line.world.schedule().in(line.delay(), this::open);
        }
    }

    private void open() {
        if (over || line.isDead()) {
            leave();
            return;
        }
        if (line.device.isCutOff() || answered.isDone()) {
            cut();
            return;
        }
        wanted = true;
        receiver.opened(this);
        line.complete(answered, new Http.Answer(status, headers, new byte[0]));
        move();
    }

    @Override
    public void piece(byte[] bytes) {
        if (streams) {
            pieces.add(bytes);
            queuedBytes += bytes.length;
            move();
        } else {
            body.writeBytes(bytes);
        }
    }

    @Override
    public void end() {
        ended = true;
        if (streams) {
            move();
            return;
        }
        close();
        if (answered == null) {
            return;
        }
        boolean isCut = line.world.chance().percent(line.world.weather().answersCut);
        Http.Answer answer = new Http.Answer(status, headers, body.toByteArray());
        line.world.schedule().in(line.delay(), () -> {
            if (isCut || line.device.isCutOff()) {
                line.fail(answered, 0, "the answer was cut off");
            } else {
                line.complete(answered, line.world.onTheWay(answer));
            }
        });
    }

    /** Brings the next bytes to the device, if it wants some. */
    private void move() {
        if (!wanted || moving || over || pieces.isEmpty() && !ended) {
            return;
        }
        moving = true;
        line.world.schedule().in(line.delay(), this::arrive);
    }

    private void arrive() {
        moving = false;
        if (over || line.isDead()) {
            leave();
            return;
        }
        if (line.device.isCutOff()) {
            cut();
            return;
        }
        if (pieces.isEmpty()) {
            close();
            receiver.ended(null);
            return;
        }
        byte[] all = takeAll();
        if (line.world.chance().percent(line.world.weather().piecesCut)) {
            wanted = false;
            line.world.trace(line.device, "streams part of", new String(all, StandardCharsets.UTF_8));
            receiver.bytes(line.world.onTheStream(
                    Arrays.copyOf(all, line.world.chance().below(all.length + 1))));
            cut();
            return;
        }
        wanted = false;
        line.world.trace(line.device, "streams", new String(all, StandardCharsets.UTF_8));
        receiver.bytes(line.world.onTheStream(all));
        if (served != null) {
            served.drained();
        }
    }

    private byte[] takeAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!pieces.isEmpty()) {
            all.writeBytes(pieces.poll());
        }
        queuedBytes = 0;
        return all.toByteArray();
    }

    @Override
    public void next() {
        wanted = true;
        move();
    }

    @Override
    public void cancel() {
        leave();
    }

    /** The device went away. */
    private void leave() {
        close();
        if (served != null) {
            served.leave();
        }
    }

    @Override
    public void cut() {
        if (over) {
            return;
        }
        leave();
        if (receiver != null && answered.isDone() && !answered.isCompletedExceptionally()) {
            line.world.schedule().soon(() -> {
                if (!line.isDead()) {
                    receiver.ended(new NoAnswerException("cut"));
                }
            });
        } else if (answered != null) {
            line.fail(answered, 0, "cut");
        }
    }

    private void close() {
        over = true;
        if (served != null) {
            line.world.server().done(served);
        }
    }

    @Override
    public boolean isFull() {
        return queuedBytes > QUEUE_BYTES_MAX;
    }
}
