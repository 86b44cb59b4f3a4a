package dev.dsg.standalone.system;

import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The right to start and stop the system of a home. The operating system takes it back when its holder dies, however it
 * dies.
 */
final class SystemLock implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final FileChannel channel;

    private SystemLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the right.
     *
     * @throws SystemProblem when another process keeps it for longer than {@code patience}
     */
    static SystemLock acquire(Home home, Duration patience) {
        try {
            Files.createDirectories(home.lock().getParent());
            var channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var end = System.nanoTime() + patience.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() > end) {
                    channel.close();
                    throw new SystemProblem("another dsg is starting or stopping the system in " + home.folder()
                            + "; wait for it, or give --home another folder");
                }
                Thread.sleep(POLL);
            }
            return new SystemLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + home.lock(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemProblem("interrupted while waiting for " + home.lock(), e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process.
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
