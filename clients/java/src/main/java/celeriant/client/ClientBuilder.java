package celeriant.client;

import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.World;
import celeriant.model.AggregateId;
import celeriant.model.Names;
import celeriant.wire.DeviceKey;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Describes a client: {@link Celeriant#to} begins it, {@link #start} ends it. Confined to one thread. */
public final class ClientBuilder {
    final URI gateway;
    final String org;
    LocalBuffer buffer = new MemoryBuffer();
    Http http;
    World world = World.system();
    String apiKey;
    String instance;
    Threads threads;
    Supplier<DeviceKey> newKey = () -> DeviceKey.generate(new SecureRandom());
    private Supplier<CompletionStage<String>> person;
    private boolean online = true;
    private Codec codec;
    private final List<Upcaster> upcasters = new ArrayList<>();
    private final List<AggregateId> aggregates = new ArrayList<>();

    ClientBuilder(URI gateway, String org) {
        if (!"http".equals(gateway.getScheme()) && !"https".equals(gateway.getScheme())) {
            throw new IllegalArgumentException("gateway " + gateway + ": must begin with http:// or https://");
        }
        if (!Names.isName(org)) {
            throw new IllegalArgumentException("org " + org + ": outside the alphabet of names");
        }
        this.gateway = gateway;
        this.org = org;
    }

    /** Where what is appended is kept until the log has it; without one: in memory, gone with the process. */
    public ClientBuilder buffer(LocalBuffer chosen) {
        buffer = Objects.requireNonNull(chosen, "buffer");
        return this;
    }

    /** A backend's key. A device has none: it proves its own key. */
    public ClientBuilder apiKey(String key) {
        apiKey = Objects.requireNonNull(key, "apiKey");
        return this;
    }

    /**
     * The person who is signed in on this device: gives their OpenID Connect identity token whenever a new access token
     * is needed, null while nobody is. The rights of device and person add up. Call {@link Celeriant#signedIn} when
     * somebody signed in or out.
     */
    public ClientBuilder person(Supplier<CompletionStage<String>> idToken) {
        person = Objects.requireNonNull(idToken, "idToken");
        return this;
    }

    /** Which instance of a service this is, if several share an API key: {@code svc.<name>.<instance>}. */
    public ClientBuilder instance(String clientId) {
        instance = Objects.requireNonNull(clientId, "instance");
        return this;
    }

    /** Aggregates to open at once; they stay open until the client is closed. */
    public ClientBuilder follow(AggregateId... names) {
        aggregates.addAll(List.of(names));
        return this;
    }

    /** Seals event data before it is stored and sent, and opens it where it is shown: {@link A256Gcm} is one. */
    public ClientBuilder codec(Codec chosen) {
        codec = Objects.requireNonNull(chosen, "codec");
        return this;
    }

    /**
     * How old forms of events become new ones where they are shown.
     *
     * @throws IllegalArgumentException at {@link #start} if two take the same version of the same type
     */
    public ClientBuilder upcasters(Upcaster... chosen) {
        upcasters.addAll(List.of(chosen));
        return this;
    }

    /** Stay offline until {@link Celeriant#goOnline} is called. */
    public ClientBuilder offline() {
        online = false;
        return this;
    }

    /** Another way to the network than {@code java.net.http}. */
    public ClientBuilder http(Http other) {
        http = Objects.requireNonNull(other, "http");
        return this;
    }

    /** Another clock, chance and signatures: for tests, and for a faster signature library. */
    public ClientBuilder world(World other) {
        world = Objects.requireNonNull(other, "world");
        return this;
    }

    /** Opens the buffer and starts. The client can be used at once, with no network too. */
    public Celeriant start() {
        if (http == null) {
            http = new JdkHttp();
        }
        Celeriant client = new Celeriant(this);
        try {
            aggregates.forEach(client::open);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        if (online) {
            client.goOnline();
        }
        return client;
    }

    Reading reading() {
        return codec == null && upcasters.isEmpty() ? Reading.AS_IT_IS : new Reading(codec, upcasters);
    }

    /** Where the client's work runs, and where its keys come from: a simulation owns both. */
    ClientBuilder driven(Threads by, Supplier<DeviceKey> keys) {
        threads = by;
        newKey = keys;
        return this;
    }

    Credentials credentials(DeviceKey key) {
        return apiKey == null ? new Credentials.Device(key, person) : new Credentials.ApiKey(apiKey, instance);
    }
}
