package celeriant.gateway.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are served: epoll where it is there (Linux), Java's own selectors elsewhere. Any thread. */
record Transport(IoHandlerFactory events, Class<? extends ServerSocketChannel> listener) {
    static Transport ofThisMachine() {
        return Epoll.isAvailable()
                ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class)
                : java();
    }

    static Transport java() {
        return new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
}
