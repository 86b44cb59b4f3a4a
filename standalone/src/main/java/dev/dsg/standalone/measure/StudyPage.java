package dev.dsg.standalone.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The report of a study in files: a page of Markdown, and the plots that it shows.
 *
 * @param name of the page's file
 * @param text what stands above the plots
 * @param plots PNG files by name
 */
record StudyPage(String name, String text, Map<String, byte[]> plots) {

    /** Writes the files to a folder, which is made where there is none. */
    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, byte[]> plot : plots.entrySet()) {
                Files.write(folder.resolve(plot.getKey()), plot.getValue());
            }
            String pictures = plots.keySet().stream()
                    .map(plot -> "![" + plot + "](" + plot + ")\n")
                    .collect(Collectors.joining("\n"));
            Files.writeString(folder.resolve(name), text + "\n" + pictures);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report to " + folder, e);
        }
    }
}
