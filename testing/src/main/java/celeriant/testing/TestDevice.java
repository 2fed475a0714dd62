package celeriant.testing;

import celeriant.client.Celeriant;
import celeriant.client.ClientBuilder;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import java.util.function.UnaryOperator;

/** A device in a test: a client, what it keeps, and its network. Confined to the test's thread. */
public final class TestDevice implements AutoCloseable {
    private final TestGateway gateway;
    private final LocalBuffer buffer = new MemoryBuffer();
    private final TestNetwork network = new TestNetwork();
    private UnaryOperator<ClientBuilder> settings = UnaryOperator.identity();
    private Celeriant client;

    TestDevice(TestGateway gateway) {
        this.gateway = gateway;
        start();
    }

    /** The client that runs on it now. */
    public Celeriant client() {
        return client;
    }

    /** Its way to the gateway. */
    public TestNetwork network() {
        return network;
    }

    /** Stops the client and starts another one on what the device keeps, as after an application's restart. */
    public Celeriant restart() {
        client.close();
        start();
        return client;
    }

    /** The same, with settings of your own: a codec, upcasters, a person who is signed in. */
    public Celeriant restart(UnaryOperator<ClientBuilder> newSettings) {
        settings = newSettings;
        return restart();
    }

    private void start() {
        client = settings.apply(Celeriant.to(gateway.url(), gateway.org())
                        .buffer(buffer)
                        .http(network))
                .start();
    }

    @Override
    public void close() {
        client.close();
    }
}
