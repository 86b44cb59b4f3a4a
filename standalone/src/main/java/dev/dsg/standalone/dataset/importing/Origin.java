package dev.dsg.standalone.dataset.importing;

import dev.dsg.standalone.dataset.Part;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a user says of where images come from.
 *
 * @param path the folder or file
 * @param part which half, where a publication has two
 * @param classes the file of the names of the classes
 * @param truth the file that says the class of each image of a flat folder
 */
public record Origin(Path path, Part part, Optional<Path> classes, Optional<Path> truth) {}
