package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.engine.network.NetworkProfile;
import dev.dsg.engine.network.NetworkProfile.Layer;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.catalog.ShelvedModel;
import dev.dsg.standalone.terminal.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a network is made of. */
@Command(name = "show", description = "Shows the layers of a network, its parameters and what it costs to compute.")
final class ModelShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the network")
    private String name;

    @Option(names = "--json", paramLabel = "FILE", description = "writes it to a file, for machines")
    private Path json;

    @Mixin
    private HomeOption homeOption;

    /** A layer on the wire; a shape is that of one image. */
    private record Row(String name, String operation, List<Integer> output, long parameters, long multiplyAdds) {
        static Row of(Layer layer) {
            return new Row(
                    layer.name(), layer.operation(), layer.output().sizes(), layer.parameters(), layer.multiplyAdds());
        }
    }

    private record Shown(
            ModelCard card, long batchNorms, long parameters, long multiplyAdds, long flops, List<Row> layers) {}

    @Override
    public Integer call() throws IOException {
        ShelvedModel model;
        try (var open = homeOption.openStore()) {
            var catalog = new Catalog(open.store());
            var card = catalog.model(name);
            model = new ShelvedModel(card, Content.of(catalog.weights(card), Content.BINARY));
        }
        var profile = NetworkProfile.of(model.graph(), ShelvedModel.input(model.card()));
        print(model.card(), profile);
        if (json != null) {
            Files.writeString(json, Json.pretty(shown(model.card(), profile)) + "\n");
        }
        return ExitCode.OK;
    }

    private static Shown shown(ModelCard card, NetworkProfile profile) {
        return new Shown(
                card,
                profile.batchNorms(),
                profile.parameters(),
                profile.multiplyAdds(),
                2 * profile.multiplyAdds(),
                profile.layers().stream().map(Row::of).toList());
    }

    private static void print(ModelCard card, NetworkProfile profile) {
        var table = new Table("layer", "operation", "output", "parameters", "multiply-adds");
        profile.layers()
                .forEach(layer -> table.row(
                        layer.name(),
                        layer.operation(),
                        layer.output().toString(),
                        number(layer.parameters()),
                        number(layer.multiplyAdds())));
        table.lines().forEach(System.out::println);
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "%s: %s, %d classes, licence %s%n%,d parameters, %d BatchNorm layers%n"
                        + "%,d multiply-adds an image, %.3f GFLOP%n%s sha256 %s, %,d bytes%n",
                card.name(),
                card.architecture() == null ? card.format().wireName() : card.architecture(),
                card.classes().size(),
                card.licence(),
                profile.parameters(),
                profile.batchNorms(),
                profile.multiplyAdds(),
                2 * profile.multiplyAdds() / 1e9,
                card.weights().key(),
                card.weights().sha256(),
                card.weights().size());
    }

    private static String number(long value) {
        return value == 0 ? "" : String.format(Locale.ROOT, "%,d", value);
    }
}
