package dev.dsg.standalone.system;

import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where the processes listen, all on the loopback address; 0 is any free port.
 *
 * @param broker of the broker
 * @param store of the S3 server
 * @param services of the first service; the others follow
 */
public record Ports(int broker, int store, int services) {

    /** Whatever is free. */
    public static final Ports FREE = new Ports(0, 0, 0);

    /** The port of a service, counted from 0. */
    int service(int index) {
        return services == 0 ? free() : services + index;
    }

    private static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new SystemProblem("no free port on the loopback address", e);
        }
    }
}
