package dev.dsg.standalone.system;

import dev.dsg.embedded.S3Server;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.store.S3ObjectStore;
import java.nio.file.Path;

/** The store of a home for the time of a command, whether or not a system runs. */
public final class OpenStore implements AutoCloseable {

    private final S3ObjectStore store;
    private final Runnable end;

    private OpenStore(S3ObjectStore store, Runnable end) {
        this.store = store;
        this.end = end;
    }

    /** The store of a system that runs. */
    static OpenStore of(Access access) {
        return new OpenStore(Connection.store(access), () -> {});
    }

    /** A store that serves what is in a folder, until it is closed; then it gives up the lock. */
    static OpenStore serve(Path folder, Access access, SystemLock lock) {
        var server = S3Server.start(folder, 0, access.accessKey(), access.secretKey(), access.bucket());
        return new OpenStore(Connection.store(access.at(0, server.port())), () -> {
            server.close();
            lock.close();
        });
    }

    /** The store. */
    public ObjectStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
        end.run();
    }
}
