package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.NoAnswerException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One running device's way to the gateway: it loses, cuts, repeats and delays, as the weather is. */
class Line implements Http {
    private static final byte[] PORTAL = "<html>Welcome to our guests</html>".getBytes(StandardCharsets.US_ASCII);
    private static final long LATE_MAX_MILLIS = 45_000;

    final World world;
    final Device device;
    private boolean isDead;

    Line(World world, Device device) {
        this.world = world;
        this.device = device;
    }

    /** The device stopped: nothing reaches it any more. */
    void die() {
        isDead = true;
    }

    boolean isDead() {
        return isDead;
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        return begin(call, null);
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        return begin(call, receiver);
    }

    private CompletionStage<Answer> begin(Call call, StreamReceiver receiver) {
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        Chance chance = world.chance();
        world.trace(
                device,
                "asks",
                call.method(),
                call.uri().getRawPath(),
                call.uri().getRawQuery());
        Weather weather = world.weather();
        if (device.isCutOff()) {
            fail(answered, chance.between(0, 20), "no network");
            return answered;
        }
        world.schedule()
                .in(call.timeoutMillis(), () -> fail(answered, 0, "no answer within " + call.timeoutMillis() + " ms"));
        if (chance.percent(weather.lost) || receiver != null && chance.percent(weather.streamsHeld)) {
            return answered;
        }
        Answer instead = world.insteadOfGateway(device, call);
        if (instead != null) {
            world.schedule().in(delay(), () -> complete(answered, instead));
        } else if (chance.percent(weather.portal)) {
            world.schedule().in(delay(), () -> complete(answered, portal()));
        } else {
            long way = chance.percent(weather.late) ? chance.between(1, LATE_MAX_MILLIS) : delay();
            world.schedule().in(way, () -> arrive(call, new Exchange(this, receiver, answered)));
            if (chance.percent(weather.repeated)) {
                world.schedule()
                        .in(way + chance.between(0, LATE_MAX_MILLIS), () -> arrive(call, Exchange.unheard(this)));
            }
        }
        return answered;
    }

    private void arrive(Call call, Exchange exchange) {
        Served served = world.server().receive(call, exchange);
        if (served == null) {
            exchange.cut();
        } else {
            exchange.servedBy(served);
        }
    }

    long delay() {
        return world.chance().between(1, world.weather().delayMaxMillis);
    }

    private static Answer portal() {
        return new Answer(200, Map.of("content-type", "text/html"), PORTAL);
    }

    void complete(CompletableFuture<Answer> answered, Answer answer) {
        if (!isDead) {
            world.trace(device, "hears", answer.status(), new String(answer.body(), StandardCharsets.UTF_8));
            answered.complete(answer);
        }
    }

    void fail(CompletableFuture<Answer> answered, long inMillis, String why) {
        world.schedule().in(inMillis, () -> {
            if (!isDead && !answered.isDone()) {
                world.trace(device, "hears nothing", why);
                answered.completeExceptionally(new NoAnswerException(why));
            }
        });
    }
}
