package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;

/**
 * Reads {@link Parameterization}s out of a folder of jars. All jars share one class loader below the engine's, so that one
 * may bring the libraries of another; it stays open for as long as the process lives.
 */
final class PluginFolder {

    private final Path folder;

    PluginFolder(Path folder) {
        this.folder = folder;
    }

    /** What the jars provide, in the order of their names. */
    List<Parameterization> read() {
        URL[] jars = jars().stream().map(this::checked).toArray(URL[]::new);
        ClassLoader loader = new URLClassLoader("plugins", jars, Parameterization.class.getClassLoader());
        List<Parameterization> found = new ArrayList<>();
        try {
            Iterator<Parameterization> providers =
                    ServiceLoader.load(Parameterization.class, loader).iterator();
            while (providers.hasNext()) {
                found.add(providers.next());
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw broken(folder.toString(), e);
        }
        return found;
    }

    private List<Path> jars() {
        if (!Files.isDirectory(folder)) {
            throw refused(folder.toString(), "a folder of jars");
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.jar")) {
            entries.forEach(jars::add);
        } catch (IOException e) {
            throw broken(folder.toString(), e);
        }
        jars.sort(null);
        return jars;
    }

    /** A class loader would pass over a file that is no jar, and the plug-in would be missing without a word. */
    private URL checked(Path jar) {
        try (JarFile _ = new JarFile(jar.toFile())) {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw broken(jar.toString(), e);
        }
    }

    private static EngineException broken(String where, Throwable cause) {
        Throwable said = cause.getCause() == null ? cause : cause.getCause();
        String message = cause == said ? String.valueOf(said.getMessage()) : cause.getMessage() + ": " + said;
        EngineException refused = refused(where + " (" + message + ")", "jars whose providers load");
        refused.initCause(cause);
        return refused;
    }

    static EngineException refused(String value, String expected) {
        return new EngineException(Kind.INVALID_SETTING, "plugins", value, expected);
    }

    /** Where a provider came from, for people: its class, and the file it was loaded from if that is known. */
    static String origin(Parameterization provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        String name = provider.getClass().getName();
        return source == null || source.getLocation() == null
                ? name
                : name + " of " + source.getLocation().getPath();
    }
}
