package celeriant.document;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** Connections for the gateway's URL really go somewhere else, where they may be cut. Any thread. */
final class ThroughHttp implements Http {
    private final Http real = new JdkHttp();
    private final String url;
    private final String through;

    ThroughHttp(String url, String through) {
        this.url = url;
        this.through = through;
    }

    private Call through(Call call) {
        URI uri = URI.create(call.uri().toString().replace(url, through));
        return new Call(call.method(), uri, call.headers(), call.body(), call.timeoutMillis());
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        return real.send(through(call));
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        return real.stream(through(call), receiver);
    }

    @Override
    public void leaveConnections() {
        real.leaveConnections();
    }
}
