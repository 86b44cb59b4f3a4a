package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ImageForm;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.standalone.catalog.DatasetShelf;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.dataset.importing.DatasetFormat;
import dev.dsg.standalone.dataset.importing.Origin;
import dev.dsg.standalone.terminal.Table;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Labelled test sets: adds, lists and shows them, whether or not the system runs. */
@Command(
        name = "dataset",
        description = "Labelled images that networks are measured on: adds, lists and shows them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DatasetCommand.Add.class, DatasetCommand.ListAll.class, DatasetCommand.Show.class})
final class DatasetCommand {

    private static final long MEGABYTE = 1_000_000;
    private static final int CLASSES_SHOWN = 10;

    @Command(
            name = "add",
            description = {
                "Puts labelled images into the store, where jobs find them by their name.",
                "Every image is decoded once to see that it can be. What was cut off goes on where it stopped."
            })
    static final class Add implements Callable<Integer> {
        private static final String AUTO = "auto";

        @Mixin
        private HomeOption homeOption;

        @Parameters(index = "0", paramLabel = "NAME", description = "what jobs call it")
        private String name;

        @Parameters(index = "1", paramLabel = "PATH", description = "the folder or file that it lies in")
        private Path path;

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = AUTO,
                description = "cifar10, cifar100, idx, folder, imagenet or list (default: what it looks like)")
        private String format;

        @Option(
                names = "--part",
                paramLabel = "PART",
                defaultValue = "test",
                description = "test or train, of cifar10, cifar100 and idx (default: ${DEFAULT-VALUE})")
        private String part;

        @Option(
                names = "--labels",
                paramLabel = "FILE",
                description =
                        "names of the classes, one a line, in the order of their numbers; a WordNet id may stand first")
        private Path classes;

        @Option(
                names = "--truth",
                paramLabel = "FILE",
                description = "imagenet: a line NAME CLASS for each image, or a class a line in the order of the names")
        private Path truth;

        @Option(names = "--replace", description = "puts it in the place of a data set that has its name")
        private boolean replace;

        @Override
        public Integer call() {
            Require.name("NAME", name);
            var origin = new Origin(path, part(), Optional.ofNullable(classes), Optional.ofNullable(truth));
            var form = format.equals(AUTO)
                    ? DatasetFormat.of(origin)
                    : WireNamed.parse(DatasetFormat.class, "--format", format);
            var terminal = Terminal.standard();
            try (var open = homeOption.openStore()) {
                var began = System.nanoTime();
                var images = form.read(origin);
                DatasetCard card;
                try (var progress = terminal.progress("images", " images")) {
                    card = new DatasetShelf(open.store()).put(name, images, replace, progress::to);
                }
                say(terminal, card, form, (System.nanoTime() - began) / 1e9);
            }
            return ExitCode.OK;
        }

        private Part part() {
            return switch (part) {
                case "test" -> Part.TEST;
                case "train" -> Part.TRAIN;
                default -> throw DsgException.invalid("--part", part, "test or train");
            };
        }

        private static void say(Terminal terminal, DatasetCard card, DatasetFormat form, double seconds) {
            terminal.say(String.format(
                    Locale.ROOT,
                    "%s is in the store: %,d images of %d classes, %s, read as %s in %.1f s, %,.0f images/s",
                    card.name(),
                    card.count(),
                    card.classes().size(),
                    card.image(),
                    form.wireName(),
                    seconds,
                    card.count() / seconds));
        }
    }

    @Command(name = "list", description = "Lists all data sets in the store.")
    static final class ListAll implements Callable<Integer> {
        @Mixin
        private HomeOption homeOption;

        @Override
        public Integer call() {
            try (var open = homeOption.openStore()) {
                var shelf = new DatasetShelf(open.store());
                var catalog = new Catalog(open.store());
                var table = new Table("data set", "images", "classes", "channels", "size", "MB", "source");
                open.store().folders(StoreLayout.DATASETS).stream()
                        .filter(shelf::has)
                        .map(catalog::dataset)
                        .forEach(card -> row(table, card));
                table.lines().forEach(System.out::println);
            }
            return ExitCode.OK;
        }

        private static void row(Table table, DatasetCard card) {
            table.row(
                    card.name(),
                    String.format(Locale.ROOT, "%,d", card.count()),
                    Integer.toString(card.classes().size()),
                    Integer.toString(card.image().channels()),
                    size(card.image()),
                    megabytes(card),
                    card.source());
        }
    }

    @Command(name = "show", description = "Shows what is known about a data set.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private HomeOption homeOption;

        @Parameters(paramLabel = "NAME", description = "the data set")
        private String name;

        @Override
        public Integer call() {
            try (var open = homeOption.openStore()) {
                var card = new Catalog(open.store()).dataset(Require.name("NAME", name));
                line("data set", card.name());
                line("source", card.source());
                line("images", String.format(Locale.ROOT, "%,d", card.count()));
                line(
                        "channels",
                        card.image().channels() == 1 ? "1 (grey)" : card.image().channels() + " (RGB)");
                line("size", size(card.image()));
                line("classes", card.classes().size() + ": " + classes(card));
                line("shards", card.shards().size() + ", " + megabytes(card) + " MB");
            }
            return ExitCode.OK;
        }

        private static void line(String what, Object value) {
            System.out.printf("%-9s %s%n", what, value);
        }

        private static String classes(DatasetCard card) {
            var shown = card.classes().stream().limit(CLASSES_SHOWN).toList();
            return String.join(", ", shown) + (shown.size() < card.classes().size() ? ", ..." : "");
        }
    }

    private static String size(ImageForm form) {
        return form.varied() ? "differing" : form.height() + " x " + form.width();
    }

    private static String megabytes(DatasetCard card) {
        long bytes =
                card.shards().stream().mapToLong(shard -> shard.object().size()).sum();
        return String.format(Locale.ROOT, "%.1f", (double) bytes / MEGABYTE);
    }
}
