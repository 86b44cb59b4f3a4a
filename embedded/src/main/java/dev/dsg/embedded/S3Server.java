package dev.dsg.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 server over a directory, asking for AWS signatures (version 4); unless told otherwise on the loopback address.
 *
 * <p>Objects are plain files {@code directory/bucket/key}, their metadata extended attributes: started again on the same
 * directory it has every object of before. Conditional puts are atomic: of many that race for one key, one wins.
 *
 * <p>What is put is held in memory until its signature is checked, which takes three to four times its size: a heap of 256 MB
 * serves objects of up to 60 MB, one at a time.
 */
public final class S3Server implements AutoCloseable {

    private final S3Proxy proxy;
    private final String host;
    private final boolean secure;

    private S3Server(S3Proxy proxy, String host, boolean secure) {
        this.secure = secure;
        this.proxy = proxy;
        this.host = host;
    }

    /**
     * Starts a server, makes the bucket if it is not there, and returns once it serves clients.
     *
     * @param directory where objects are kept; made when absent
     * @param port the port to listen on, or 0 for a free one
     * @throws IllegalStateException when the directory cannot be used or the server does not start
     */
    public static S3Server start(Path directory, int port, String accessKey, String secretKey, String bucket) {
        return start(directory, port, ServerProcess.LOOPBACK, accessKey, secretKey, bucket);
    }

    /** As {@link #start(Path, int, String, String, String)}, over TLS. */
    public static S3Server start(
            Path directory, int port, StoreTls tls, String accessKey, String secretKey, String bucket) {
        return start(directory, port, ServerProcess.LOOPBACK, Optional.of(tls), accessKey, secretKey, bucket);
    }

    /** As {@link #start(Path, int, String, String, String)}, for clients anywhere that find it by a host name. */
    static S3Server start(Path directory, int port, String host, String accessKey, String secretKey, String bucket) {
        return start(directory, port, host, Optional.empty(), accessKey, secretKey, bucket);
    }

    private static S3Server start(
            Path directory,
            int port,
            String host,
            Optional<StoreTls> tls,
            String accessKey,
            String secretKey,
            String bucket) {
        try {
            var store = new AtomicBlobStore(
                    new FilesystemNio2BlobStore(madeDirectory(directory).toString()));
            if (!store.containerExists(bucket)) {
                store.createContainer(bucket);
            }
            var address = ServerProcess.listening(host) + ":" + port;
            var builder = S3Proxy.builder()
                    .blobStore(store)
                    .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                    // Newer clients send checksum headers that it need not know.
                    .ignoreUnknownHeaders(true);
            tls.ifPresentOrElse(
                    known -> builder.secureEndpoint(URI.create("https://" + address))
                            .keyStore(known.keys().toUri().toString(), known.password()),
                    () -> builder.endpoint(URI.create("http://" + address)));
            var proxy = builder.build();
            proxy.start();
            return new S3Server(proxy, host, tls.isPresent());
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server did not start on " + directory, e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return secure ? proxy.getSecurePort() : proxy.getPort();
    }

    /** What a client needs to find it, as {@code http://host:port}, or with {@code https}. */
    public String endpoint() {
        return (secure ? "https://" : "http://") + host + ":" + port();
    }

    /** Ends running requests and stops. */
    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server did not stop in order", e);
        }
    }

    private static Path madeDirectory(Path directory) throws IOException {
        return Files.createDirectories(directory.toAbsolutePath());
    }
}
