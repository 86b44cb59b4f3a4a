package dev.dsg.standalone.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.system.Home;
import dev.dsg.standalone.terminal.Terminal;

/** The 10,000 test images of CIFAR-10, if they are on this machine or may be fetched; else the test is skipped. */
public final class Photographs {

    private Photographs() {}

    public static ImageSet all() {
        Cifar10 cifar = new Cifar10(Home.of(System.getenv()).data(), Terminal.standard());
        boolean mayFetch = Boolean.parseBoolean(System.getenv("DSG_TEST_DOWNLOADS"));
        assumeThat(mayFetch || cifar.isHere(Part.TEST))
                .as("CIFAR-10 is here or may be fetched (DSG_TEST_DOWNLOADS=true)")
                .isTrue();
        return cifar.read(Part.TEST);
    }
}
