package celeriant.gateway.net;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are served: epoll where it is there (Linux), Java's own selectors elsewhere. Any thread. */
record Transport(IoHandlerFactory events, Class<? extends ServerSocketChannel> listener) {
    /**
     * Connections that are read in one round of a loop; then those are answered that can be. Without it, hundreds of
     * reads stand before an answer, and all callers wait in step. Measured with 8, 24 and without a bound.
     */
    private static final int READ_IN_ROUND = 24;

    static Transport ofThisMachine() {
        return Epoll.isAvailable()
                ? new Transport(
                        EpollIoHandler.newFactory(READ_IN_ROUND, DefaultSelectStrategyFactory.INSTANCE),
                        EpollServerSocketChannel.class)
                : java();
    }

    static Transport java() {
        return new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
}
