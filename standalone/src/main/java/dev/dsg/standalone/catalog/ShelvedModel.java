package dev.dsg.standalone.catalog;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.engine.data.Geometry;
import dev.dsg.engine.data.Interpolation;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.platform.store.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * A network as it is put into the store.
 *
 * @param card what is known about it
 * @param file its file, which the card names
 */
public record ShelvedModel(ModelCard card, Content file) {

    /** What the engine needs to know to read the file of a card. */
    public static NetworkFile description(ModelCard card) {
        return new NetworkFile(
                Optional.ofNullable(card.architecture()),
                input(card),
                card.classes().size());
    }

    /** The shape of what a network reads. */
    public static Shape input(ModelCard card) {
        var shape = card.inputShape();
        return Shape.of(shape.channels(), shape.height(), shape.width());
    }

    /** The network itself. */
    public Graph graph() {
        return description(card).read(bytes());
    }

    /** What the network expects of an image. */
    public Preprocessing preprocessing() {
        var geometry = Optional.ofNullable(card.geometry())
                .map(one -> new Geometry(
                        one.resize(),
                        one.crop().height(),
                        one.crop().width(),
                        Interpolation.valueOf(one.interpolation().name())));
        return Preprocessing.of(card.mean(), card.std(), geometry);
    }

    private byte[] bytes() {
        try {
            return switch (file) {
                case Content.Bytes memory -> memory.bytes();
                case Content.File disk -> Files.readAllBytes(disk.path());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
