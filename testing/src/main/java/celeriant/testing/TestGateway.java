package celeriant.testing;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.operator.Operator;
import celeriant.log.MergedRead;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A running gateway over a log in memory, for one test. Any device may create aggregates, and whoever knows an
 * aggregate's name may append to it. It can be stopped and started again on the same port, with the same log. Any
 * thread.
 */
public final class TestGateway implements AutoCloseable {
    private static final int EVENTS_MAX = 1_000_000;

    private final Operator operator = Operator.local(OrgPolicy.DEMO);
    private final SplittableRandom random = new SplittableRandom();
    private final InMemoryEventLog log =
            new InMemoryEventLog(Gateway.admission(operator), InstantSource.system(), this::newId);
    private final List<TestDevice> devices = new CopyOnWriteArrayList<>();
    private final String org;
    private Gateway gateway;
    private int port;

    private TestGateway(String org) {
        this.org = org;
    }

    /** Starts one; without JUnit, close it yourself. */
    public static TestGateway start(String org) {
        TestGateway started = new TestGateway(org);
        started.start();
        return started;
    }

    /** Where it is; the same after {@link #stop} and {@link #start}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The org that the devices work in. */
    public String org() {
        return org;
    }

    /** A new device, with a client that is online. */
    public TestDevice device() {
        TestDevice device = new TestDevice(this);
        devices.add(device);
        return device;
    }

    /** What the log holds of an aggregate, in order. */
    public List<RecordedEvent> recorded(AggregateId aggregate) {
        MergedRead all =
                new MergedRead(0, Long.MAX_VALUE, EVENTS_MAX, Integer.MAX_VALUE, Set.of(aggregate), Set.of(), Set.of());
        return log.readMerged(org, all).events();
    }

    /** Nobody answers at its port until it is started again; the log stays. */
    public synchronized void stop() {
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
    }

    /** Starts it again. */
    public synchronized void start() {
        if (gateway == null) {
            gateway = Gateway.builder(log)
                    .operator(operator)
                    .config(GatewayConfig.loopback(port))
                    .start();
            port = gateway.port();
        }
    }

    /** Closes the devices' clients, and stops. */
    @Override
    public void close() {
        devices.forEach(TestDevice::close);
        stop();
        log.close();
    }

    private synchronized UUID newId() {
        return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }
}
