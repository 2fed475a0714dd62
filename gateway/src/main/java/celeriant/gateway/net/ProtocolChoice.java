package celeriant.gateway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;

/**
 * Goes on with the protocol that both sides named while TLS began (ALPN, RFC 7301), and with HTTP/1.1 where none was
 * named. A caller that does not come so far is gone without a word: anybody may knock. Confined to its connection.
 */
final class ProtocolChoice extends ApplicationProtocolNegotiationHandler {
    private final LoopConnections connections;

    ProtocolChoice(LoopConnections connections) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.connections = connections;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
            Http2Connection connection = new Http2Connection(connections);
            context.pipeline().addLast(connection.before()).addLast(connection);
        } else {
            context.pipeline().addLast(new Http1Connection(connections));
        }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
