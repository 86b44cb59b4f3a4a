package dev.dsg.standalone.command;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.catalog.DatasetShelf;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.catalog.ModelFolder;
import dev.dsg.standalone.catalog.ModelShelf;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.system.Home;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;

/** What is put into the store of a system before a job needs it, as far as it is not there. */
final class Stock {

    private final ObjectStore store;
    private final Home home;
    private final Terminal terminal;

    Stock(ObjectStore store, Home home, Terminal terminal) {
        this.store = store;
        this.home = home;
        this.terminal = terminal;
    }

    /** The networks in some folders. One that is broken is left out, for the others may be what is needed. */
    void networks(List<Path> folders) {
        var shelf = new ModelShelf(store);
        for (var folder :
                folders.stream().flatMap(all -> ModelFolder.in(all).stream()).toList()) {
            try {
                var network = folder.read();
                if (shelf.put(network)) {
                    terminal.say("network " + network.card().name() + " is in the store");
                }
            } catch (DsgException e) {
                terminal.say("left out " + folder.path() + ": " + e);
            }
        }
    }

    /**
     * The test images of CIFAR-10.
     *
     * @throws SystemProblem when they are not here and cannot be fetched
     */
    void cifar10() {
        var shelf = new DatasetShelf(store);
        if (!shelf.has(Cifar10.NAME)) {
            var images = new Cifar10(home.data(), terminal).read(Part.TEST);
            shelf.put(
                    Cifar10.NAME,
                    LabelledImages.of(Cifar10.CLASSES, "CIFAR-10, test images", images),
                    false,
                    ProgressListener.NONE);
        }
    }
}
