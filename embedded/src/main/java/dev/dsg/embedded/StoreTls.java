package dev.dsg.embedded;

import java.nio.file.Path;

/**
 * What a server speaks TLS with.
 *
 * @param keys its own, and who signed it (PKCS12)
 * @param password of that file
 */
public record StoreTls(Path keys, String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return keys.toString();
    }
}
