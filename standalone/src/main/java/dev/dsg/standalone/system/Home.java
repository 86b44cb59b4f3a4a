package dev.dsg.standalone.system;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder in which everything on this machine is kept.
 *
 * <pre>
 * data/     downloads
 * native/   unpacked native libraries
 * system/   broker/, store/, logs/, system.json (what runs), lock (who may start and stop it)
 * </pre>
 *
 * @param folder its path, absolute
 */
public record Home(Path folder) {

    /** Makes the path absolute: the processes of the system have other working directories. */
    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Where it is when nobody says otherwise: {@code $DSG_HOME}, or else {@code dsg} in the user's cache folder.
     *
     * @param environment of this process
     */
    public static Home of(Map<String, String> environment) {
        return said(environment, "DSG_HOME")
                .map(Path::of)
                .map(Home::new)
                .orElseGet(() -> new Home(said(environment, "XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("dsg")));
    }

    private static Optional<String> said(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Downloads. */
    public Path data() {
        return folder.resolve("data");
    }

    /** Native libraries, unpacked by whoever needs them first. */
    public Path nativeLibraries() {
        return folder.resolve("native");
    }

    /** What the broker keeps. */
    public Path broker() {
        return system().resolve("broker");
    }

    /** What the S3 server keeps. */
    public Path store() {
        return system().resolve("store");
    }

    /** What the processes say. */
    public Path logs() {
        return system().resolve("logs");
    }

    /** What runs. */
    Path record() {
        return system().resolve("system.json");
    }

    /** Who may start and stop it. */
    Path lock() {
        return system().resolve("lock");
    }

    private Path system() {
        return folder.resolve("system");
    }
}
