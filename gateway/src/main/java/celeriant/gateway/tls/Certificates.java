package celeriant.gateway.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections are secured with: TLS 1.3 and 1.2 by the JDK, HTTP/2 and HTTP/1.1 to choose from. When the files
 * change, connections that come later get the new certificate; those that are open go on. Files that cannot be used
 * change nothing, and are said to be so once. {@link #reload} from one thread at a time, the rest from any.
 */
public final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final TlsConfig config;
    private List<Object> seen = List.of();
    private volatile SslContext current;
    private volatile Instant expires;

    private Certificates(TlsConfig config) {
        this.config = config;
    }

    /** @throws IllegalArgumentException naming the file that cannot be used, and why */
    public static Certificates of(TlsConfig config) {
        Certificates certificates = new Certificates(config);
        certificates.seen = certificates.look();
        try {
            certificates.load();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("tls: there is no file " + e.getFile(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("tls: " + e.getMessage(), e);
        }
        return certificates;
    }

    /** For the next connection. */
    public SslContext current() {
        return current;
    }

    /** When the certificate is no longer good. */
    public Instant expires() {
        return expires;
    }

    /** Looks whether the files changed. Blocks on the disk. */
    public void reload() {
        List<Object> now = look();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            load();
            LOG.atInfo().addKeyValue("expires", expires).log("new connections get a new certificate");
        } catch (IOException e) {
            LOG.error("the certificate's files changed and cannot be used, the old one stays: {}", e.getMessage());
        }
    }

    private void load() throws IOException {
        KeyFiles files = KeyFiles.read(config);
        X509Certificate[] chain = files.chain().toArray(X509Certificate[]::new);
        current = SslContextBuilder.forServer(files.key(), chain)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
        expires = chain[0].getNotAfter().toInstant();
    }

    /** What a file looks like from outside; a link is followed, as when a tool switches folders. */
    private List<Object> look() {
        List<Object> marks = new ArrayList<>();
        Stream.of(config.certificate(), config.key(), config.keyStore(), config.passwordFile())
                .filter(Objects::nonNull)
                .forEach(file -> marks.add(mark(file)));
        return marks;
    }

    private static Object mark(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(
                    file.toRealPath(),
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return e.getClass();
        }
    }
}
