package dev.dsg.platform.store;

import dev.dsg.contracts.error.DsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Who may sign the certificate of a store: those in a file, and nobody else.
 *
 * @param trust tells whom to believe
 * @param sockets of connections that believe them
 */
record Authority(X509TrustManager trust, SSLSocketFactory sockets) {

    /**
     * Reads certificates.
     *
     * @throws DsgException {@code INVALID_FIELD} when there are none in the file
     */
    static Authority read(Path pem) {
        try (var in = Files.newInputStream(pem)) {
            var keys = KeyStore.getInstance(KeyStore.getDefaultType());
            keys.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                keys.setCertificateEntry(Integer.toString(keys.size()), certificate);
            }
            if (keys.size() == 0) {
                throw invalid(pem);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(keys);
            var context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return new Authority((X509TrustManager) factory.getTrustManagers()[0], context.getSocketFactory());
        } catch (IOException | GeneralSecurityException e) {
            throw invalid(pem);
        }
    }

    private static DsgException invalid(Path pem) {
        return DsgException.invalid("dsg.store.ca-file", pem, "a file with certificates in PEM");
    }
}
