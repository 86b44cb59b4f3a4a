package dev.dsg.platform.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes TCP connections on to a server, and cuts the first few when the server's answer comes. */
final class LossyRelay implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final AtomicInteger lost = new AtomicInteger();
    private final int target;
    private final int toLose;

    LossyRelay(int target, int toLose) throws IOException {
        this.target = target;
        this.toLose = toLose;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int lost() {
        return lost.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> pass(client, server, false));
                Thread.ofVirtual().start(() -> pass(server, client, true));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to, boolean answer) {
        try (from;
                to) {
            copy(from.getInputStream(), to.getOutputStream(), answer);
        } catch (IOException closed) {
            // The other direction has ended.
        }
    }

    private void copy(InputStream in, OutputStream out, boolean answer) throws IOException {
        var buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (answer && lost.getAndUpdate(n -> Math.min(n + 1, toLose)) < toLose) {
                return;
            }
            out.write(buffer, 0, read);
        }
    }
}
