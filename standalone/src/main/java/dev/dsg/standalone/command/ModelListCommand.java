package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.standalone.catalog.ShelvedModel;
import dev.dsg.standalone.terminal.Table;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists networks. */
@Command(name = "list", description = "Lists the networks in the store.")
final class ModelListCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Override
    public Integer call() {
        var table = new Table("network", "architecture", "input", "classes", "MB", "licence", "sha256");
        try (var open = homeOption.openStore()) {
            var catalog = new Catalog(open.store());
            for (var name : open.store().folders(StoreLayout.MODELS)) {
                try {
                    row(table, catalog.model(name));
                } catch (DsgException e) {
                    System.err.println("dsg: " + e);
                }
            }
        }
        table.lines().forEach(System.out::println);
        return ExitCode.OK;
    }

    private static void row(Table table, ModelCard card) {
        table.row(
                card.name(),
                card.architecture() == null ? card.format().wireName() : card.architecture(),
                ShelvedModel.input(card).toString(),
                String.valueOf(card.classes().size()),
                String.format(Locale.ROOT, "%.1f", card.weights().size() / 1e6),
                card.licence(),
                card.weights().sha256().hex().substring(0, 12));
    }
}
