package celeriant.gateway.net;

import celeriant.gateway.tls.TestCertificate;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A caller that speaks HTTP/2 frame by frame, also such as no decent one would send (RFC 9113). */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ENHANCE_YOUR_CALM = 0xb;
    static final int REFUSED_STREAM = 0x7;

    private static final int READ_MILLIS = 60_000;

    private final SSLSocket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    /** A frame that came; type -1 is the end of the connection. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        static final Frame END = new Frame(-1, 0, 0, new byte[0]);

        /** Of RST_STREAM the first number, of GOAWAY the second. */
        int error() {
            int at = type == GOAWAY ? Integer.BYTES : 0;
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }
    }

    RawHttp2(int port, TestCertificate trusted) throws IOException {
        socket =
                (SSLSocket) TestCertificate.trusting(trusted).getSocketFactory().createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(READ_MILLIS);
        socket.startHandshake();
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        in = new DataInputStream(socket.getInputStream());
        out.write(Http2Bytes.PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
        out.flush();
    }

    String protocol() {
        return socket.getApplicationProtocol();
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(Http2Bytes.frame(type, flags, stream, payload));
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Lets nothing of an answer's body through from here on. */
    void closeWindows() throws IOException {
        send(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
    }

    void reset(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** Begins a request; {@code more} are names and values in turn. */
    void request(int stream, int flags, String method, String path, String... more) throws IOException {
        out.write(Http2Bytes.request(stream, flags, method, path, more));
    }

    /** The next frame. */
    Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new Frame(type, flags, stream, in.readNBytes(length));
        } catch (EOFException | SocketException | SSLException e) {
            return Frame.END;
        }
    }

    /** The next frame of a type, or the end. */
    Frame readUntil(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type && frame.type() != Frame.END.type()) {
            frame = read();
        }
        return frame;
    }

    /** The next answer's status. */
    String readStatus() throws IOException {
        Frame frame = readUntil(HEADERS);
        try {
            Http2Headers headers = decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
            return headers.status().toString();
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
