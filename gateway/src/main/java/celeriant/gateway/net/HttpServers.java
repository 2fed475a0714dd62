package celeriant.gateway.net;

import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.RequestReceiver;
import celeriant.gateway.http.ResponseHead;
import celeriant.gateway.http.TrafficLimits;
import celeriant.gateway.tls.Certificates;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The listening side: the event loops, and the ports whose connections they share. What arrives before there is
 * somebody to receive it is answered 503. Any thread.
 */
public final class HttpServers implements AutoCloseable {
    /** A reader has this much waiting for it at most before it counts as full, and is given more below half of it. */
    private static final int UNSENT_BYTES_MAX = 64 * 1024;

    private static final long START_SECONDS = 30;
    private static final long FINISH_SECONDS = 2;
    private static final long STOP_SECONDS = 1;
    private static final int BACKLOG = 4_096;
    private static final HeaderBlock STANDING = HeaderBlock.of(List.of("X-Content-Type-Options", "nosniff"));

    static {
        // It samples buffers with stack traces; who hunts a leak sets the property.
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    private final Transport transport;
    private final TrafficLimits traffic;
    private final MultiThreadIoEventLoopGroup events;
    private final List<Loop> loops = new ArrayList<>();
    private final List<LoopConnections> connections = new ArrayList<>();
    private final Port main;
    private volatile RequestReceiver receiver;

    private HttpServers(
            Transport transport, String host, int wanted, int eventLoops, TrafficLimits traffic, Certificates tls) {
        this.transport = transport;
        this.traffic = traffic;
        events = new MultiThreadIoEventLoopGroup(
                eventLoops, new DefaultThreadFactory("gateway-loop", true), transport.events());
        for (EventExecutor loop : events) {
            loops.add(new Loop((EventLoop) loop, loops.size()));
        }
        try {
            main = listen(host, wanted, this::receive, tls);
        } catch (RuntimeException e) {
            events.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
    }

    /**
     * Binds {@code port} (0 = any free one) of {@code host}, without TLS.
     *
     * @throws IllegalStateException if it cannot be bound
     */
    public static HttpServers bind(String host, int port, int eventLoops, TrafficLimits traffic) {
        return bind(host, port, eventLoops, traffic, null);
    }

    /**
     * Binds {@code port} (0 = any free one) of {@code host}.
     *
     * @param tls what a new connection is secured with; null: they are not
     * @throws IllegalStateException if it cannot be bound
     */
    public static HttpServers bind(String host, int port, int eventLoops, TrafficLimits traffic, Certificates tls) {
        return new HttpServers(Transport.ofThisMachine(), host, port, eventLoops, traffic, tls);
    }

    static HttpServers bind(Transport transport, String host, int port, int eventLoops, TrafficLimits traffic) {
        return new HttpServers(transport, host, port, eventLoops, traffic, null);
    }

    public int port() {
        return main.number();
    }

    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    /** Connections that are open, on all ports. */
    public int connections() {
        return connections.stream().mapToInt(LoopConnections::count).sum();
    }

    public void serve(RequestReceiver newReceiver) {
        receiver = newReceiver;
    }

    /** No new requests: those that still come are answered 503. */
    public void refuseNew() {
        receiver = null;
    }

    public boolean isServing() {
        return receiver != null;
    }

    private void receive(RequestHead head, Carrier carrier) {
        RequestReceiver present = receiver;
        if (present == null) {
            refuse(carrier);
        } else {
            present.receive(head, carrier);
        }
    }

    private static void refuse(Carrier carrier) {
        Problem problem = Problem.of(ErrorCode.BUSY, "The server is starting or stopping; come back soon.");
        Answer answer = Answer.problem(problem);
        ResponseHead head = new ResponseHead(answer.status(), STANDING).put("Content-Type", answer.contentType());
        answer.headers().forEach(head::put);
        carrier.answer(head, answer.body());
    }

    /**
     * Another port beside, for {@code other}, on the same event loops; returns its number. It is there until what is in
     * flight on the first one is finished.
     */
    public int listenBeside(String host, int wanted, RequestReceiver other) {
        return listen(host, wanted, other, null).number();
    }

    private Port listen(String host, int wanted, RequestReceiver to, Certificates tls) {
        Map<EventLoop, LoopConnections> byLoop = new IdentityHashMap<>();
        ConnectionCount count = new ConnectionCount(traffic.connectionsMax(), traffic.connectionsPerAddressMax());
        long unsentBytesMax = traffic.unsentBytesMax() / loops.size();
        for (EventExecutor loop : events) {
            LoopConnections own = new LoopConnections(loops.get(byLoop.size()), to, traffic, count, unsentBytesMax);
            byLoop.put((EventLoop) loop, own);
            connections.add(own);
        }
        ServerBootstrap server = new ServerBootstrap()
                .group(events)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(UNSENT_BYTES_MAX / 2, UNSENT_BYTES_MAX))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        start(channel, byLoop.get(channel.eventLoop()), tls);
                    }
                });
        return new Port(bound(server.bind(host, wanted), host + ":" + wanted), List.copyOf(byLoop.values()));
    }

    private static void start(Channel channel, LoopConnections own, Certificates tls) {
        if (tls == null) {
            channel.pipeline().addLast(new Http1Connection(own));
        } else {
            channel.pipeline().addLast(tls.current().newHandler(channel.alloc()), new ProtocolChoice(own));
        }
    }

    private static Channel bound(ChannelFuture binding, String address) {
        if (!binding.awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not bound within " + START_SECONDS + " s");
        }
        if (!binding.isSuccess()) {
            throw new IllegalStateException(
                    "cannot listen on " + address + ": " + binding.cause().getMessage(), binding.cause());
        }
        return binding.channel();
    }

    /** Finishes what is in flight, within seconds. */
    @Override
    public void close() {
        main.listener().close();
        CountDownLatch idle = new CountDownLatch(main.connections().size());
        main.connections().forEach(own -> own.loop().run(() -> own.closeWhenIdle(idle)));
        try {
            idle.await(FINISH_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * STOP_SECONDS, TimeUnit.SECONDS);
    }

    /** What listens, and on each loop the connections that came of it. */
    private record Port(Channel listener, List<LoopConnections> connections) {
        int number() {
            return ((InetSocketAddress) listener.localAddress()).getPort();
        }
    }
}
