package dev.dsg.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports for servers that must know them before they listen. */
final class FreePorts {

    private FreePorts() {}

    /**
     * Picks two different free ports of the loopback address.
     *
     * @param first the wanted first port, or 0 for any
     */
    static Pair pick(int first) {
        // Both are held at once, so that the second cannot be the first again.
        try (var one = new ServerSocket(first, 1, InetAddress.getLoopbackAddress());
                var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Pair(one.getLocalPort(), two.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException("port " + first + " cannot be had", e);
        }
    }

    record Pair(int first, int second) {}
}
