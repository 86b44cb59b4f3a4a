package dev.dsg.platform.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dsg.contracts.error.DsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that signs keys for servers and users of one test, made with the JDK's own tool. */
public final class Certificates {

    /** Of every file. */
    public static final String PASSWORD = "of-the-files";

    private static final String AUTHORITY = "authority";
    private static final char[] SECRET = PASSWORD.toCharArray();

    private final Path folder;

    /** Makes the authority. */
    public Certificates(Path folder) {
        try {
            this.folder = Files.createDirectories(folder);
            make(AUTHORITY, "-ext", "bc:c");
            var trust = empty();
            trust.setCertificateEntry(AUTHORITY, all().getCertificate(AUTHORITY));
            write(trust, trust());
            var certificate = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
                    .encodeToString(all().getCertificate(AUTHORITY).getEncoded());
            Files.writeString(pem(), "-----BEGIN CERTIFICATE-----\n" + certificate + "\n-----END CERTIFICATE-----\n");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key and its certificate for a name at the loopback address, as PKCS12. */
    public Path keys(String name) {
        try {
            make(name, "-signer", AUTHORITY, "-ext", "san=ip:127.0.0.1,dns:localhost");
            var own = empty();
            own.setKeyEntry(name, all().getKey(name, SECRET), SECRET, all().getCertificateChain(name));
            var file = folder.resolve(name + ".p12");
            write(own, file);
            return file;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's certificate as PKCS12. */
    public Path trust() {
        return folder.resolve("trust.p12");
    }

    /** The authority's certificate in PEM. */
    public Path pem() {
        return folder.resolve("ca.pem");
    }

    private void make(String name, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                folder.resolve("all.p12").toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        command.addAll(List.of(more));
        var tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("keytool.log").toFile()))
                .start();
        try {
            if (tool.waitFor() != 0) {
                throw DsgException.invalid("keytool", Files.readString(folder.resolve("keytool.log")), "success");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore all() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(folder.resolve("all.p12").toFile(), SECRET);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (var out = Files.newOutputStream(file)) {
            store.store(out, SECRET);
        }
    }
}
